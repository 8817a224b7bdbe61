/** What was passed on to whoever holds the data, what they answer, and the delta of a release. */
import {
  acknowledgeManyInput,
  acknowledgeOne,
  acknowledgeOneInput,
  acknowledgePassedOn,
} from '../../app/window/acknowledge-passed-on.ts';
import { answerEnteredView, enterAnswer, enterAnswerInput } from '../../app/window/enter-answer.ts';
import { answersView, listAnswers, listAnswersInput } from '../../app/window/list-answers.ts';
import {
  listPassedOn,
  listPassedOnInput,
  passedOnPage,
  passedOnView,
} from '../../app/window/list-passed-on.ts';
import { makeCodes, makeCodesInput } from '../../app/window/make-codes.ts';
import { makeDelta, makeDeltaInput } from '../../app/window/make-delta.ts';
import { acknowledgedView } from '../../app/window/write-answer.ts';
import { fileRoute, route } from '../route.ts';

export const passedOnRoutes = {
  'list-passed-on': route(listPassedOnInput, passedOnPage, listPassedOn),
  'acknowledge-passed-on': route(acknowledgeOneInput, passedOnView, acknowledgeOne),
  'acknowledge-many-passed-on': route(acknowledgeManyInput, acknowledgedView, acknowledgePassedOn),
  'enter-answer': route(enterAnswerInput, answerEnteredView, enterAnswer),
  'make-codes': fileRoute(makeCodesInput, makeCodes),
  'list-answers': route(listAnswersInput, answersView, listAnswers),
  'make-delta': fileRoute(makeDeltaInput, makeDelta),
} as const;
