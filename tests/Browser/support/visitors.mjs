// A server, a browser, and people who come for one test.

import { openProfile } from './browser.mjs';
import { Site, Tab } from './application.mjs';
import { Server } from './server.mjs';

export class Visitors {
  #names = 0;

  /** @param {Record<string, string>} settings of the server */
  async start(settings, startServer = all => Server.start(all)) {
    this.site = await Site.open();
    this.server = await startServer({ ...settings, ...this.site.settings });
    this.profile = await openProfile();
  }

  async end() {
    await this.profile?.close();
    await this.server?.stop('SIGKILL');
    this.site?.close();
  }

  newName(start) {
    return `${start}-${++this.#names}`;
  }

  /** A profile of its own: another person's browser. */
  newProfile() {
    return this.profile.browser().newContext();
  }

  open(context, user, watched, url = this.server.url) {
    return Tab.open(context, this.site, url, user, watched);
  }

  /** Ann, in as many tabs as wanted, and Bob; they see each other online, and their stories begin. */
  async pair({ tabs = 1, url, profile } = {}) {
    const [annName, bobName] = [this.newName('ann'), this.newName('bob')];
    profile ??= await this.newProfile();
    const ann = [];
    while (ann.length < tabs) {
      ann.push(await this.open(profile, annName, [bobName], url));
    }

    const bob = await this.open(await this.newProfile(), bobName, [annName], url);
    await bob.sees(annName, 'online');
    await ann[0].sees(bobName, 'online');
    await Promise.all([...ann, bob].map(tab => tab.forget()));
    return { ann, bob, profile };
  }
}
