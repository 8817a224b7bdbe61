/** Findings as SARIF 2.1.0, so that code review shows them at their lines. */
import { createHash } from 'node:crypto';
import type { Log, ReportingDescriptor, Result } from 'sarif';
import { catalogue } from './catalogue.ts';
import type { LintFinding } from './finding.ts';

/** One run, its paths relative to the root of the workspace. `version` is the program's. */
export function toSarif(findings: readonly LintFinding[], version: string): Log {
  const index = new Map(catalogue.map((entry, at) => [entry.id, at]));
  return {
    $schema: 'https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json',
    version: '2.1.0',
    runs: [
      {
        tool: { driver: { name: 'astold', semanticVersion: version, rules: catalogue.map(descriptor) } },
        columnKind: 'utf16CodeUnits',
        results: findings.map((finding) => result(finding, index.get(finding.id))),
      },
    ],
  };
}

function descriptor(entry: (typeof catalogue)[number]): ReportingDescriptor {
  return {
    id: entry.id,
    shortDescription: { text: entry.text },
    help: { text: `${entry.text} This is ambiguous: a person must decide.` },
    defaultConfiguration: { level: entry.level },
  };
}

function result(finding: LintFinding, ruleIndex: number | undefined): Result {
  const { line, column, endLine, endColumn } = finding;
  return {
    ruleId: finding.id,
    ...(ruleIndex === undefined ? {} : { ruleIndex }),
    level: finding.level,
    message: {
      text: `${finding.message} [${finding.label}: ${finding.source}]. Ambiguous: a person must decide.`,
    },
    locations: [
      {
        physicalLocation: {
          artifactLocation: { uri: finding.file.split(/[\\/]/).map(encodeURIComponent).join('/') },
          region: { startLine: line, startColumn: column, endLine, endColumn },
        },
      },
    ],
    // Stays the same when lines above move: the rule, the file and what is said.
    partialFingerprints: {
      'astold/v1': createHash('sha256')
        .update(`${finding.id}\n${finding.file}\n${finding.message}`)
        .digest('hex'),
    },
    properties: { label: finding.label, source: finding.source },
  };
}
