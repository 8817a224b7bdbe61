import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { abandonAll, clearWorkplaces, closeWorkplace, makerMark, openWorkplace } from './workplace.ts';

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'astold-work-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** The id of a process that has just ended. */
const deadPid = (): number =>
  Number(execFileSync(process.execPath, ['-e', 'console.log(process.pid)'], { encoding: 'utf8' }));
const [host = ''] = makerMark().split('.');

test('what a killed run left is removed; what runs, or may run on another machine, is not', () => {
  const parent = join(folder, 'clear');
  const own = openWorkplace(parent);
  const letters = '0123456789ab';
  const dead = deadPid();
  const names = {
    dead: [
      `.work-${host}.${dead}.${letters}`,
      `.work-${dead}-abc`,
      `.work-${host}.${process.pid}.${letters}`,
    ],
    left: [`.work-another-host.${dead}.${letters}`, `.work-${host}.1.${letters}`],
    running: [`.work-${host}.${process.ppid}.${letters}`, '.work-in-progress', 'records'],
  };
  for (const name of Object.values(names).flat()) mkdirSync(join(parent, name));
  expect(
    clearWorkplaces(parent)
      .map((path) => basename(path))
      .toSorted(),
  ).toEqual(names.left.toSorted());
  expect(readdirSync(parent).toSorted()).toEqual([basename(own), ...names.left, ...names.running].toSorted());
  closeWorkplace(own);
});

test('a run that is stopped takes its own folders with it, and nothing that was published', () => {
  const parent = join(folder, 'stopped');
  const [open, closed] = [openWorkplace(parent), openWorkplace(parent)];
  closeWorkplace(closed);
  mkdirSync(closed);
  abandonAll();
  expect([existsSync(open), existsSync(closed)]).toEqual([false, true]);
});

test('where there is no folder, nothing is left in it', () => {
  expect(clearWorkplaces(join(folder, 'nowhere'))).toEqual([]);
});
