/** What a member can choose to stop, one thing at a time. */
import { readWorkspace } from '../../app/flow/read-workspace.ts';
import { namesKept } from '../../app/window/names-kept.ts';
import { showDetails } from '../../app/window/show-details.ts';
import { contactChannel } from '../../documents/leaves.ts';
import type { Choice } from '../../pages/window/form-parts.ts';
import type { StopPart } from '../../pages/window/say-choice.ts';
import { heldApart } from '../../pages/window/with-name.ts';
import { seen } from './seat.ts';
import { type MemberSeat, placeOf } from './window-seat.ts';

/** The uses that a notice, an agreement or a request speaks of, everybody else in the register, every channel. */
export async function stopOptions(seat: MemberSeat, part: StopPart): Promise<readonly Choice[]> {
  const { words } = placeOf(seat);
  const workspace = await readWorkspace(seat.service, seat.actor.org);
  switch (part) {
    case 'channel':
      return contactChannel.options.map((value) => ({ value, text: words.channel(value) }));
    case 'organisation':
      return workspace.organisations
        .filter(({ id }) => id !== workspace.config.organisation)
        .map(({ id, legalName }) => ({ value: id, text: heldApart(legalName) }));
    case 'purpose': {
      const told = [
        ...workspace.notices.flatMap(({ statements }) =>
          statements.flatMap(({ purposes }) => purposes?.terms ?? []),
        ),
        ...workspace.agreements.flatMap(({ purposes }) => purposes),
        ...workspace.requests.flatMap(({ purposes }) => purposes),
      ];
      return [...new Set(told)].map((value) => ({ value, text: words.purpose(value) }));
    }
  }
}

/** Names by id, as the register of then had them, or the last that did: who got the member's details and is in the register no more. */
export async function partiesGone(seat: MemberSeat): Promise<ReadonlyMap<string, string>> {
  const { service, actor } = seat;
  const { releases } = await seen(seat, 'show-details', null, () =>
    showDetails(service, actor, { part: 'releases' }),
  );
  const { organisations } = await readWorkspace(service, actor.org);
  const there = new Set(organisations.map(({ id }) => id));
  type Named = { readonly organisation: string; readonly name: string | null };
  const parties = (releases?.items ?? []).flatMap(({ madeOf, recipient }): readonly Named[] =>
    // Without its evidence a release has no names: its recipient is an id.
    madeOf === null ? [{ organisation: recipient, name: null }] : madeOf.chain,
  );
  const gone = parties.filter(({ organisation }) => !there.has(organisation));
  const names = await service.state.as(actor.org, (tx) =>
    namesKept(
      tx,
      actor.org,
      gone.map(({ organisation }) => organisation),
    ),
  );
  return new Map(
    gone.map(({ organisation, name }) => [organisation, name ?? names.get(organisation) ?? organisation]),
  );
}
