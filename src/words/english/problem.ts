/** Where something went wrong here: whether what was sent is recorded, and what to do now. Of members, letters and the desk. */
export const problem = {
  title: {
    undone: 'This was not recorded',
    unknown: 'We do not know if this was recorded',
    partly: 'Not all of this was recorded',
    whole: 'This was recorded',
    unshown: 'We cannot show this page now',
  },
  lead: {
    undone:
      'Something went wrong here, and it is not your fault. Nothing of what you sent was recorded, and it does not count yet.',
    refused: 'Nothing of what you sent was recorded, and it does not count yet.',
    unknown:
      'Something went wrong here while we recorded what you sent, and it is not your fault. It may be recorded, or it may not.',
    partly: 'What stands below is recorded, and it counts. The rest is not recorded.',
    partlyUnknown: 'What stands below is recorded, and it counts. The rest may be recorded, or it may not.',
    whole: 'All of it is recorded, and it counts. But something went wrong here after that.',
    unshown:
      'Something went wrong here, and it is not your fault. What was recorded before stays recorded, and counts.',
  },
  why: {
    much: 'Too much was sent from where you are at once.',
    soon: 'It may work again in a few minutes.',
    held: 'For now we can record nothing here, and that may last for days. So do not wait.',
  },
  recorded: 'What is recorded',
  receipt: 'The receipt',
  number: 'Its number',
  next: 'What you can do',
  load: 'Wait a few minutes, and load this page again.',
  again: {
    step: 'Wait a few minutes. Then press the button below to send the same again.',
    later: 'Or try it here again on another day, with the button below.',
    harmless: 'Press the button below to send it again. If it is recorded already, that does no harm.',
    button: 'Send it again',
    /** Of a form that stands in the browser alone. */
    unread: {
      step: 'Wait a few minutes. Then go back in your browser, to the page where you wrote it, and send it again from there.',
      later:
        'Or try it again on another day: go back in your browser, to the page where you wrote it, and send it from there.',
      harmless:
        'Go back in your browser, to the page where you wrote it, and send it again. If it is recorded already, that does no harm.',
    },
  },
  member: {
    look: 'Look at what you have said, and at what you asked for. If it is there, it counts. If it is not there, say it again.',
    write: (club: string): string =>
      `You can write to ${club} or phone them, and tell them what you wanted to say here. It counts just the same, from the day they get it.`,
    writeUnnamed:
      'You can write to the organisation or phone it, and tell it what you wanted to say here. It counts just the same, from the day it gets it.',
    said: 'What you have said',
    cases: 'What you asked for',
    back: 'Back to what you can say',
  },
  letter: {
    write: (club: string): string =>
      `You can write to ${club} or phone them. Say "stop", and give them the code on the letter. It counts just the same, from the day they get it.`,
    writeUnnamed:
      'You can write to the sender of the letter. Say "stop", and give them the code on the letter. It counts from the day they get it. By law they must also tell you where they got your address.',
    code: 'The code on your letter',
    back: 'Type the code again',
  },
  desk: {
    keep: 'Keep what came to you, and the day on which it came. Enter it here once this works again, with that day: it counts from then.',
    look: 'Look first at what is recorded of them. Enter only what is missing there, with the day on which it came: it counts from then.',
    tell: 'Tell whoever runs the service. They need the number of this request, and this:',
    back: 'Back to the desk',
  },
  typed: 'What you wrote',
  request: 'Number of this request',
} as const;
