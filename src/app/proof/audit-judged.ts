/** The part of an audit that judges: the documents of the evidence loaded as the gate loads them, and judged again. */
import { canonical } from '../../bulk/outputs/manifest.ts';
import { builtInCopy } from '../../documents/copy-place.ts';
import { builtInPack } from '../../documents/read-all.ts';
import type { Workspace } from '../../documents/workspace.ts';
import type { Differing } from '../../evidence/difference.ts';
import { documentsFolder } from '../../evidence/documents.ts';
import { EvidenceError } from '../../evidence/evidence-error.ts';
import type { EvidenceFolder } from '../../evidence/folder.ts';
import { judgementJson, readHistories } from '../../evidence/judged.ts';
import { compareContext, compareDocuments } from '../../evidence/statements.ts';
import { addPeriod } from '../../policy/dates.ts';
import { counted } from '../../policy/figures.ts';
import { judgeAgain } from '../../policy/judge.ts';
import type { Judgement } from '../../policy/judgement.ts';
import { version } from '../version.ts';
import { judgedDocuments } from './judged-documents.ts';

/** Null, and told, where nothing can be decided by it. */
export async function judgeFolder(
  folder: EvidenceFolder,
  found: Differing,
  { checked, unchecked }: { readonly checked: string[]; readonly unchecked: string[] },
): Promise<Judgement | null> {
  try {
    const stated = await found.clean(() => compareContext(folder, found));
    const { workspace, context } = await judgedDocuments(folder.dir, folder.context);
    const same = await found.clean(() => compareDocuments(folder, workspace, context, found));
    await checkRules(workspace, folder, found, unchecked);
    const histories = readHistories(folder.histories);
    const judgement = judgeAgain(context, histories);
    if (canonical(judgement.histories) !== canonical(histories)) {
      found.add(
        'histories-differ',
        'histories.json',
        'a history stands in it twice: the numbers of the rows mean nothing',
      );
      return null;
    }
    compareVerdicts(folder, judgement, found);
    const expires = addPeriod(judgement.end, workspace.config.evidenceKept);
    if (folder.context.expires !== expires)
      found.add(
        'statements-differ',
        'context.json',
        `it expires on another day than the documents give, ${expires}`,
      );
    if (same)
      checked.push(
        `${counted(folder.manifest.documents.length, 'document')} loaded, and as the manifest names them`,
      );
    checked.push(`${counted(judgement.verdicts.length, 'history', 'histories')} judged again`);
    return stated ? judgement : null;
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    const why = error instanceof EvidenceError ? error.message : 'a document is not in the form of one';
    found.add('judgement-fails', documentsFolder, why);
    return null;
  }
}

/** Whose rules they are: the pack that comes with the program is the same for everyone of its version. */
async function checkRules(
  { texts }: Workspace,
  { manifest }: EvidenceFolder,
  found: Differing,
  unchecked: string[],
): Promise<void> {
  const name = builtInCopy('uk');
  const used = texts.get(name);
  if (used === undefined || used === (await builtInPack('uk'))) return;
  const what = 'the rules named "uk" are not those that come with this version';
  if (manifest.versions.astold === version)
    found.add('documents-differ', `${documentsFolder}/${name}`, `${what}, which made the release too`);
  else unchecked.push(`whether the rules are AsTold's own: ${what}`);
}

function compareVerdicts({ verdicts }: EvidenceFolder, judgement: Judgement, found: Differing): void {
  const again = canonical(judgementJson(judgement));
  if (again === verdicts) return;
  let at = 0;
  while (again[at] === verdicts[at]) at++;
  const place = /"([A-Za-z]+)":[^"]*$/.exec(again.slice(0, at))?.[1] ?? '';
  found.add(
    'verdicts-differ',
    'verdicts.json',
    `the documents give another judgement, first at byte ${at} ("${place}")`,
  );
}
