/** `docs/reasons.md`, from the table of reasons. */
import { reasons } from './reasons.ts';

/** The page in Markdown. */
export function reasonsPage(): string {
  const rows = reasons.map((r) => `| ${r.bit} | \`${r.code}\` | ${r.rule} | ${r.scope} | ${r.sentence} |`);
  return [
    '# Reasons',
    '',
    'Every reason the gate refuses for. A decision is a set of them, as bits of a 64-bit integer: bit 0 is the lowest. No bit set',
    'means released, and only that. Codes and positions are stable: new ones are added at the end. Generated from',
    '`src/policy/reasons.ts` by `npm run docs`; the rules are those of [semantics.md](semantics.md), and the label and citation of',
    'each on a given day come from the rule pack (`astold rules`).',
    '',
    '| bit | code | rule | about | what a person is told |',
    '|---|---|---|---|---|',
    ...rows,
    '',
  ].join('\n');
}
