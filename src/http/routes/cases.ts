/** What people ask for of their own details, and how they are to be reached. */
import { answerCase, answerCaseInput, answeredCaseView } from '../../app/window/answer-case.ts';
import { copyDetails, copyDetailsInput } from '../../app/window/copy-details.ts';
import { endCase, endCaseInput, endedCaseView } from '../../app/window/end-case.ts';
import { casesView, listCases, listCasesInput } from '../../app/window/list-cases.ts';
import { openCase, openCaseInput, openedCaseView } from '../../app/window/open-case.ts';
import { safeContactView, setSafeContact, setSafeContactInput } from '../../app/window/safe-contact.ts';
import { showCase, showCaseInput, shownCaseView } from '../../app/window/show-case.ts';
import { fileRoute, route } from '../route.ts';

export const caseRoutes = {
  // Staff read another language than whom they open it for.
  'open-case': route(openCaseInput, openedCaseView, (service, actor, input, _, words) =>
    openCase(service, actor, {
      ...input,
      language: input.language ?? (actor.kind === 'member' ? words.language : null),
    }),
  ),
  'list-cases': route(listCasesInput, casesView, listCases),
  'show-case': route(showCaseInput, shownCaseView, showCase),
  'answer-case': route(answerCaseInput, answeredCaseView, answerCase),
  'end-case': route(endCaseInput, endedCaseView, endCase),
  'copy-details': fileRoute(copyDetailsInput, (service, actor, input, _, words) =>
    copyDetails(service, actor, input, words),
  ),
  'set-safe-contact': route(setSafeContactInput, safeContactView, setSafeContact),
} as const;
