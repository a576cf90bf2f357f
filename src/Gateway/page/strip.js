// The strip at the bottom: what the server does right now.

import { milliseconds } from './delays.js';
import { put } from './dots.js';
import { loadStats } from './figures.js';

const everyMs = 1_000;
const number = new Intl.NumberFormat('en');

function shares(silos) {
  const users = silos.reduce((sum, silo) => sum + silo.users, 0);
  return silos.map(silo => `${silo.address} ${users === 0 ? 0 : Math.round(silo.users / users * 100)} %`).join(', ');
}

/**
 * Asks once a second while somebody looks. The token is the guest: where guests are let in, a token carries all scopes. `onSilos` hears of
 * the silos each time.
 */
export function showStrip(strip, token, onSilos) {
  const part = name => strip.querySelector(`[data-part=${name}]`);
  const show = stats => {
    put(part('users'), number.format(stats.usersOnline));
    put(part('connections'), number.format(stats.connections));
    put(part('in'), number.format(stats.messagesPerSecond));
    put(part('out'), number.format(stats.updatesPerSecond));
    put(part('delivery'), milliseconds(stats.deliveryMs.p95));
    put(part('silos'), stats.silos.length > 1 ? shares(stats.silos) : '1, with all users');
    onSilos(stats.silos);
  };
  const look = async () => {
    if (document.visibilityState === 'visible') {
      const { stats } = await loadStats(token);
      strip.toggleAttribute('data-unknown', !stats);
      if (stats) {
        show(stats);
      }
    }

    setTimeout(look, everyMs);
  };
  look();
}
