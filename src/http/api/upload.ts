/** What the headers of an upload say of it; whoever stores it compares. */
import { HttpProblem } from '../problems.ts';

/** Throws HttpProblem. An upload without them could end early unnoticed. */
export function uploadOf(request: Request): { readonly sha256: string; readonly bytes: number } {
  const digest = /^sha-256=:([A-Za-z0-9+/]{43}=):$/.exec(request.headers.get('Content-Digest')?.trim() ?? '');
  const length = /^\d{1,15}$/.exec(request.headers.get('Content-Length') ?? '');
  if (digest === null || length === null)
    throw new HttpProblem({
      code: 'content-digest-missing',
      detail: 'expected Content-Digest: sha-256=:<base64>: and Content-Length',
    });
  return { sha256: Buffer.from(digest[1] as string, 'base64').toString('hex'), bytes: Number(length[0]) };
}

export async function* bytesOf(request: Request): AsyncIterable<Uint8Array> {
  try {
    yield* request.body ?? [];
  } catch (error) {
    throw new HttpProblem({ code: 'body-cut-short', detail: 'nothing was changed' }, { cause: error });
  }
}
