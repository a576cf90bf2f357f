// Chromium with a new, empty profile directory.

import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { chromium } from 'playwright-core';

const args = [
  '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync',
];

/** One browser profile: windows of it share storage and channels. */
export async function openProfile(options = {}) {
  const directory = fs.mkdtempSync(path.join(os.tmpdir(), 'presence-profile-'));
  const context = await chromium.launchPersistentContext(directory, {
    executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium', headless: true, args, ...options,
  });
  const close = context.close.bind(context);
  context.close = async () => {
    await close();
    fs.rmSync(directory, { recursive: true, force: true });
  };
  return context;
}
