// install.js -- sees to it that there is a weft.node for this Node: the one that came with the
// package, or else one that the system's compiler makes of sources/. npm runs it.
'use strict';

const { execFile, spawnSync } = require('node:child_process');
const fs = require('node:fs');
const os = require('node:os');
const path = require('node:path');
const { promisify } = require('node:util');

const run = promisify(execFile);
const { version } = require('./package.json');
const binary = path.join(__dirname, 'weft.node'), sources = path.join(__dirname, 'sources');

function giveUp(why, what = '') {
  console.error(`weft: there is no binary for Node ${process.version} on ${process.platform} ${process.arch} in the package, and none can be built:
  ${why}
${what}`);
  process.exit(1);
}

// In a process of its own: a file for another machine may do anything.
function fits(file) {
  const script = 'process.exit(require(process.argv[1]).version() === process.argv[2] ? 0 : 1)';
  return spawnSync(process.execPath, ['-e', script, file, version]).status === 0;
}

function compiler() {
  const wanted = process.env.CC ? [process.env.CC.trim().split(/\s+/)] : [['cc'], ['gcc'], ['clang'], ['clang-19']];
  return wanted.find(([name, ...rest]) => spawnSync(name, [...rest, '--version']).status === 0)
    ?? giveUp(`there is no C compiler (${wanted.map(([name]) => name).join(', ')})`, 'On Debian: apt-get install gcc libc6-dev');
}

// Where installations of Node, and the systems' packages, have them.
function headers() {
  const { npm_config_nodedir: nodedir } = process.env;
  const folders = [nodedir && path.join(nodedir, 'include/node'), path.resolve(process.execPath, '../../include/node'), '/usr/include/node'].filter(Boolean);
  return folders.find((folder) => fs.existsSync(path.join(folder, 'node_api.h')))
    ?? giveUp(`node_api.h is in none of ${folders.join(', ')}`, 'On Debian: apt-get install libnode-dev; or say where Node is installed: npm_config_nodedir=FOLDER');
}

// The flags are those of the repository's Makefile, which wrote them there.
async function build(to) {
  const [cc, ...own] = compiler(), include = headers();
  const flags = fs.readFileSync(path.join(sources, 'flags'), 'utf8').trim().split(/\s+/);
  const files = fs.readdirSync(sources, { recursive: true, encoding: 'utf8' }).filter((name) => /\.[cS]$/.test(name)).sort();
  const objects = files.map((name, k) => path.join(to, `${k}-${path.basename(name)}.o`));
  const rest = files.map((name, k) => [name, objects[k]]);
  const work = async () => {
    for (let one; (one = rest.shift());)
      await run(cc, [...own, ...flags, '-w', '-isystem', include, '-c', '-o', one[1], one[0]], { cwd: sources });
  };
  console.error(`weft: building with ${cc}; this takes a minute or so`);
  await Promise.all(Array.from({ length: os.availableParallelism?.() ?? os.cpus().length }, work));
  const made = path.join(to, 'weft.node'), names = path.join(to, 'names');
  fs.writeFileSync(names, '{ global: napi_register_module_v1; node_api_module_get_api_version_v1; local: *; };\n');
  await run(cc, [...own, '-shared', '-s', `-Wl,-z,nodelete,--version-script,${names}`, '-o', made, ...objects, '-lm', '-lpthread']);
  return made;
}

async function install() {
  if (!process.env.npm_config_build_from_source && fits(binary)) return;
  const to = fs.mkdtempSync(path.join(os.tmpdir(), 'weft-build-'));
  try {
    const made = await build(to);
    if (!fits(made)) giveUp('what was built does not load');
    fs.copyFileSync(made, `${binary}.new`); // not over one that somebody uses
    fs.renameSync(`${binary}.new`, binary);
  } catch (error) {
    giveUp(error.stderr || error.message);
  } finally {
    fs.rmSync(to, { recursive: true, force: true });
  }
}

install();
