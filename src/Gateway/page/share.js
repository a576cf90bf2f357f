// Two links: one for somebody else, one for another device of one's own.

import { addressFor } from './guest.js';

const find = id => document.getElementById(id);

export function offerLinks(me, room) {
  const dialog = find('share');
  find('share-other').value = addressFor({ room });
  find('share-own').value = addressFor({ guest: me, room });
  find('share-hint').hidden = !/^(localhost|127\.|\[::1)/.test(location.hostname);
  find('share-open').addEventListener('click', () => dialog.showModal());
  find('share-close').addEventListener('click', () => dialog.close());
  for (const button of dialog.querySelectorAll('[data-copies]')) {
    button.addEventListener('click', async () => {
      const field = find(button.dataset.copies);
      field.select();
      await (navigator.clipboard?.writeText(field.value) ?? document.execCommand('copy'));
      button.textContent = 'Copied';
      setTimeout(() => { button.textContent = 'Copy'; }, 2_000);
    });
  }
}
