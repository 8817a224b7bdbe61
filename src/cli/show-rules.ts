/** The rules in force on a day, with their labels. */
import type { RulesOnDay } from '../app/workspace/terms.ts';
import { day } from '../policy/figures.ts';
import type { Aspect } from '../policy/rules.ts';
import { widest, wrapped } from './layout.ts';
import { printable } from './printable.ts';
import type { Style } from './terminal.ts';

const about: Readonly<Record<Aspect, string>> = {
  'own-words': 'told, but not in so many words',
  'own-list': 'of our own list',
  calls: 'of a list of telephone numbers',
  'online-audience': 'of an online audience',
};

export function showRules(found: RulesOnDay, style: Style, width: number): string {
  const codes = widest(found.rules.map(({ reason }) => reason.code));
  const indent = ' '.repeat(codes + 2 + 4 + 10);
  const lines = found.rules.flatMap(({ reason, rule, finer }) => {
    const head = `${reason.code.padEnd(codes)}  ${reason.rule.padEnd(3)} `;
    if (rule === null) return [style.bad(`${head}no rule on this day`)];
    const said = printable(`${rule.citation}${rule.severity === 'warn' ? ' (warns, does not refuse)' : ''}`);
    return [
      [head, rule.label, said] as const,
      ...finer.map(
        ({ aspect, label, citation }) =>
          [' '.repeat(head.length), label, printable(`${about[aspect]}: ${citation}`)] as const,
      ),
    ].flatMap(([before, label, text]) =>
      wrapped(text, width, indent).map((line, i) =>
        i === 0 ? `${before}${label.padEnd(10)}${line.slice(indent.length)}` : line,
      ),
    );
  });
  const title = style.strong(`Rules ${found.pack.id} ${found.pack.version} in force on ${day(found.day)}`);
  const end = found.complete
    ? []
    : [style.bad('Some reasons have no rule on this day: nothing may go (A9).')];
  return `${[title, ...lines, ...end].join('\n')}\n`;
}
