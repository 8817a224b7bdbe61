/** Stops early, with a way out, where a script runs on a Node that cannot run this project. */
const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
if (major < 22 || (major === 22 && minor < 18)) {
  console.error(
    `AsTold needs Node 22.18 or newer, and this is ${process.versions.node}. The project brings its own Node 24:\n` +
      'run "npm ci" again and let the install script of the package "node" run (allowScripts in package.json).',
  );
  process.exitCode = 1;
}
