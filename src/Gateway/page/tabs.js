// Tabs with the keys that people expect: arrows, Home and End. The address remembers which one is open, and what it was asked for:
// `#events?user=ada`.

const part = at => location.hash.slice(1).split('?')[at] ?? '';

/** What the open tab was asked for. */
export const readFragment = () => new URLSearchParams(part(1));

/** The fragment of a tab that is asked for something; empty values are left out. */
export function fragmentOf(panel, asked) {
  const query = new URLSearchParams(Object.entries(asked).filter(([, value]) => value !== ''));
  return `#${panel}${query.size > 0 ? `?${query}` : ''}`;
}

export function showTabs(list) {
  const tabs = [...list.querySelectorAll('[role=tab]')];
  const open = tab => {
    for (const other of tabs) {
      const isOpen = other === tab;
      other.setAttribute('aria-selected', String(isOpen));
      other.tabIndex = isOpen ? 0 : -1;
      document.getElementById(other.getAttribute('aria-controls')).hidden = !isOpen;
    }

    if (part(0) !== tab.getAttribute('aria-controls')) {
      history.replaceState(null, '', `#${tab.getAttribute('aria-controls')}`);
    }
  };
  list.addEventListener('click', ({ target }) => target.matches('[role=tab]') && open(target));
  list.addEventListener('keydown', event => {
    const at = tabs.indexOf(document.activeElement);
    const next = { ArrowRight: at + 1, ArrowLeft: at - 1, Home: 0, End: tabs.length - 1 }[event.key];
    if (next !== undefined) {
      event.preventDefault();
      const tab = tabs[(next + tabs.length) % tabs.length];
      tab.focus();
      open(tab);
    }
  });
  open(tabs.find(tab => tab.getAttribute('aria-controls') === part(0)) ?? tabs[0]);
}
