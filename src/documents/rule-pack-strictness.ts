/**
 * A workspace's own rule pack may be stricter than the one that comes with the program, never softer (A9). What is
 * configurable (the waiting period, the smallest count shown) may be set as the supplier likes.
 */
import type { ContactChannel, DataItem, Term } from '../policy/model.ts';
import type { RulePack } from '../policy/rules.ts';
import { dataCovers } from '../policy/vocab.ts';
import { contains } from '../policy/words.ts';
import type { Fault } from './fault.ts';
import type { Path, YamlFile } from './parse-yaml.ts';

type Say = (path: Path, expected: string, found: string | null) => Fault;

/** Where `pack` would let through what `builtIn` refuses. `yaml` is the file of `pack`. */
export function softerFaults(yaml: YamlFile, pack: RulePack, builtIn: RulePack): readonly Fault[] {
  const say: Say = (path, expected, found) =>
    yaml.at(path, { code: 'pack-softer', expected: `${expected} (pack ${builtIn.id})`, found, rule: 'A9' });
  return [
    ...explicitFaults(pack, builtIn, say),
    ...lackingFaults('special-category', pack.specialCategory, builtIn.specialCategory, say),
    ...lackingFaults('consent-channels', pack.consentChannels, builtIn.consentChannels, say),
    ...listFaults(pack, builtIn, say),
    ...necessaryFaults(pack, builtIn, say),
    ...waitingFaults(pack, say),
  ];
}

/** A4: every explicit term, with no phrase that the built-in pack does not take for it. */
function explicitFaults(pack: RulePack, builtIn: RulePack, say: Say): readonly Fault[] {
  return builtIn.explicit.flatMap(({ dimension, term, phrases }) => {
    const index = pack.explicit.findIndex((e) => e.dimension === dimension && e.term === term);
    const own = pack.explicit[index];
    if (!own) return [say(['explicit'], `the explicit term ${term} (${dimension})`, `nothing about ${term}`)];
    return own.phrases.flatMap((phrase, i) => {
      if (phrases.some((allowed) => contains(phrase, allowed) && contains(allowed, phrase))) return [];
      const expected = `for ${term} only phrases among ${phrases.map((p) => `"${p}"`).join(', ')}`;
      return [say(['explicit', index, 'phrases', i], expected, phrase)];
    });
  });
}

function lackingFaults(
  key: string,
  own: readonly string[],
  wanted: readonly string[],
  say: Say,
): readonly Fault[] {
  const lacking = wanted.filter((term) => !own.includes(term));
  return lacking.length === 0
    ? []
    : [say([key], `also ${lacking.join(', ')}`, own.length === 0 ? 'none' : own.join(', '))];
}

/** C5: every list, for the same way of contact, and for as many sources. */
function listFaults(pack: RulePack, builtIn: RulePack, say: Say): readonly Fault[] {
  return builtIn.requiredLists.flatMap(({ contactChannel, kinds, implying }) => {
    const asWide = pack.requiredLists.filter(
      (entry) =>
        entry.contactChannel === contactChannel &&
        (entry.implying === null || implying?.every((term) => entry.implying?.includes(term))),
    );
    const lacking = kinds.filter((kind) => !asWide.some((entry) => entry.kinds.includes(kind)));
    if (lacking.length === 0) return [];
    const where =
      implying === null ? 'whatever membership implies' : `where it implies ${implying.join(', ')}`;
    const expected = `for ${contactChannel} also the lists ${lacking.join(', ')}, ${where}`;
    return [say(['required-lists'], expected, `none of these for ${contactChannel}`)];
  });
}

/** B4: no data for a purpose and a way of contact but what the built-in pack takes for necessary there. */
function necessaryFaults(pack: RulePack, builtIn: RulePack, say: Say): readonly Fault[] {
  const allowed = (how: 'exact' | 'coarse', purpose: Term, channel: ContactChannel): readonly DataItem[] =>
    builtIn.necessary
      .filter((entry) => entry.purposes.includes(purpose) && entry.contactChannels.includes(channel))
      .flatMap((entry) => entry[how]);
  return pack.necessary.flatMap((entry, index) =>
    (['exact', 'coarse'] as const).flatMap((how) =>
      entry[how].flatMap((item) => {
        const uses = entry.purposes.flatMap((purpose) =>
          entry.contactChannels.map((channel) => ({
            purpose,
            channel,
            items: allowed(how, purpose, channel),
          })),
        );
        const beyond = uses.find(({ items }) => !items.some((wide) => dataCovers(wide, item)));
        if (!beyond) return [];
        const at = entry[how].filter((other) => other.of === item.of).indexOf(item);
        const terms = beyond.items.filter((other) => other.of === item.of).map((other) => other.term);
        const expected = `for ${beyond.purpose} by ${beyond.channel}, ${how}, of a ${item.of}: ${terms.join(', ') || 'nothing'}`;
        return [say(['necessary', index, how, item.of, at], expected, item.term)];
      }),
    ),
  );
}

/** A7 (configurable): any length, but not none. */
function waitingFaults({ waitingPeriod }: RulePack, say: Say): readonly Fault[] {
  return waitingPeriod.months > 0 || waitingPeriod.days > 0
    ? []
    : [say(['waiting-period'], 'at least one day, P1D', 'no day at all')];
}
