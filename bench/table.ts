/** The figures as a table, each beside what is asked of it. */
import { type FigureName, type Figures, figureNames } from './measures.ts';

/** What the project holds itself to: at most this, and `least` at least. */
const asked: Readonly<Partial<Record<FigureName, { readonly most: number } | { readonly least: number }>>> = {
  release_csv_over_floor: { most: 1.25 },
  release_ingested_over_floor: { most: 0.5 },
  evidence_over_release: { most: 0.8 },
  audit_over_release: { most: 2 },
  log_entries_per_s: { least: 10_000 },
  lookup_1000_ms: { most: 100 },
  ten_times_growth: { most: 11 },
  rss_mb: { most: 2048 },
  spill_512_finished: { least: 1 },
  help_s: { most: 0.3 },
  small_check_s: { most: 0.8 },
  service_read_p99_ms: { most: 100 },
  service_stops_per_s: { least: 200 },
};

export function table(figures: Figures): string {
  const lines = figureNames.flatMap((name) => {
    const value = figures[name];
    return value === undefined
      ? []
      : [`${name.padEnd(30)}${shown(value).padStart(10)}   ${verdict(name, value)}`.trimEnd()];
  });
  const stages = Object.entries(figures.stages ?? {}).map(([kind, each]) => {
    const all = Object.values(each).reduce((sum, seconds) => sum + seconds, 0);
    const shares = Object.entries(each)
      .filter(([, seconds]) => seconds / all >= 0.01)
      .map(([name, seconds]) => `${name} ${seconds.toFixed(2)} s (${Math.round((seconds / all) * 100)} %)`);
    return `stages, ${kind}: ${shares.join(', ')}`;
  });
  return [...lines, ...stages].join('\n');
}

const shown = (value: number): string => (Number.isInteger(value) ? String(value) : value.toFixed(2));

function verdict(name: FigureName, value: number): string {
  const limit = asked[name];
  if (limit === undefined) return '';
  if ('most' in limit)
    return value <= limit.most ? `at most ${limit.most}: met` : `at most ${limit.most}: NOT MET`;
  return `at least ${limit.least}: ${value >= limit.least ? 'met' : 'NOT MET'}`;
}
