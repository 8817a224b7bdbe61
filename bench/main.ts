/**
 * `npm run bench`: what a release takes beside the floor, and beside what one would pick instead; medians, side by
 * side in one run. Options: `--quick` (one run, nothing ten times), `--runs N`, `--minutes N` (of the service), `--only NAME,...`, `--json` (ends with
 * one object of every figure). What each figure is: docs/bench.md.
 */
import { parseArgs } from 'node:util';
import { type Figures, figureNames, measures } from './measures.ts';
import { table } from './table.ts';

const { values } = parseArgs({
  options: {
    quick: { type: 'boolean', default: false },
    runs: { type: 'string' },
    only: { type: 'string' },
    minutes: { type: 'string', default: '10' },
    json: { type: 'boolean', default: false },
  },
});
const runs = Number(values.runs ?? (values.quick ? '1' : '3'));
const minutes = Number(values.minutes);
const only = values.only?.split(',') ?? [];
const unknown = only.filter((name) => !measures.some((measure) => measure.name === name));
if (!Number.isInteger(runs) || runs < 1 || !(minutes > 0) || unknown.length > 0) {
  console.error(
    `usage: bench [--quick] [--runs N] [--minutes N] [--json] [--only ${measures.map((m) => m.name).join(',')}]`,
  );
  process.exit(2);
}

const from = performance.now();
const figures: Figures = {};
const failed: string[] = [];
for (const measure of measures) {
  if (only.length > 0 ? !only.includes(measure.name) : values.quick && measure.large) continue;
  console.log(`${measure.name}: ${measure.what}`);
  try {
    await measure.run(figures, runs, (text) => console.log(`  ${text}`), minutes);
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    failed.push(measure.name);
    console.log(`  FAILED: ${error.message}`);
  }
}
console.log(`\n${table(figures)}`);
console.log(`${runs} runs of each, ${Math.round((performance.now() - from) / 1000)} s in all`);
if (failed.length > 0) console.log(`FAILED: ${failed.join(', ')}`);
if (values.json) {
  const every = Object.fromEntries(figureNames.map((name) => [name, figures[name] ?? null]));
  console.log(JSON.stringify({ ...every, stages: figures.stages ?? null, runs, failed }));
}
process.exitCode = failed.length > 0 ? 1 : 0;
