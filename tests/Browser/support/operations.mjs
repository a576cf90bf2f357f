// What tests look at in the view for operations.

/** The texts of a table's rows. */
export const rowsOf = (page, id) => page.locator(`#${id} tr`).evaluateAll(rows => rows.map(row => [...row.children].map(cell => cell.textContent)));

/** Asks a tab for somebody or something. */
export const look = async (page, panel, text) => {
  await page.fill(`#${panel} input`, text);
  await page.click(`#${panel} form button`);
};
