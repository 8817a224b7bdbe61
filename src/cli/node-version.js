/** Which Node runs this. Plain JavaScript, and imports nothing: it must be read by a Node too old for the rest. */

const least = /** @type {const} */ ([22, 18]);

/**
 * What to say and do about a version of Node too old, or unreadable; null where it will do.
 * @param {string} version
 * @returns {string | null}
 */
export function nodeFault(version) {
  const [major = Number.NaN, minor = Number.NaN] = version.split('.').map(Number);
  if (major > least[0] || (major === least[0] && minor >= least[1])) return null;
  return (
    `astold needs Node ${least.join('.')} or newer, and this is ${version}.\n` +
    '  In a clone the right Node comes with the packages: npm ci, then npm run astold -- --help\n' +
    '  Or install a newer one: https://nodejs.org\n'
  );
}
