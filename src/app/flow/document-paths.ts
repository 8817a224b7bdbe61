/** Which paths of a workspace are documents that people put there, and which are made from the state of the service. */

const folders: Readonly<Record<string, string>> = {
  notices: '.md',
  agreements: '.yaml',
  requests: '.yaml',
  sources: '.yaml',
  suppressions: '.yaml',
  assessments: '.yaml',
  signoffs: '.yaml',
  upstream: '.yaml',
  sleepers: '.yaml',
  rules: '.yaml',
  /** Values of an audience: a column of a small table. */
  sets: '.csv',
};
const single = new Set(['astold.yaml', 'organisations.yaml', 'contacts.yaml']);

/** Made from the state, whenever the workspace is written. */
export const dutiesFile = 'duties.yaml';
export const freezesFile = 'freezes.yaml';
export const approvalsFolder = 'approvals';
const made: Readonly<Record<string, string>> = {
  [dutiesFile]: 'duties follow from releases and are claimed by those who owe them',
  [freezesFile]: 'freezes are set and lifted',
  [approvalsFolder]: 'a release is approved by an officer, after a check',
};

/** Where documents may stand: what is found there and is none of the current ones is removed. */
export const documentFolders: readonly string[] = [...Object.keys(folders), approvalsFolder];
export const documentFiles: readonly string[] = [...single, dutiesFile, freezesFile];

const name = /^[A-Za-z0-9][A-Za-z0-9@._-]{0,119}$/;

export type PathKind =
  | { readonly kind: 'document'; readonly folder: string | null }
  | { readonly kind: 'refused'; readonly why: string };

/** One folder deep: no path leads out of the workspace, or into what is hidden in it. */
export function pathKind(path: string): PathKind {
  const [first = '', second, ...more] = path.split('/');
  const why = Object.hasOwn(made, first) ? made[first] : undefined;
  if (why !== undefined) return { kind: 'refused', why: `${first} is made from the state: ${why}` };
  if (second === undefined && single.has(first)) return { kind: 'document', folder: null };
  const extension = Object.hasOwn(folders, first) ? folders[first] : undefined;
  if (extension === undefined || second === undefined || more.length > 0)
    return { kind: 'refused', why: `no document is called "${path.slice(0, 200)}"` };
  if (!name.test(second) || !second.endsWith(extension) || second.length === extension.length)
    return {
      kind: 'refused',
      why: `a document of ${first}/ has a name of letters, digits, ".", "_", "-" and "@" that ends in ${extension}`,
    };
  return { kind: 'document', folder: first };
}
