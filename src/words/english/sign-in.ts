/** How a member comes in, and goes. */
export const signIn = {
  ask: {
    title: 'See what is held about you',
    lead: 'Give the e-mail address that the organisation has of you. If it has it, a link comes by mail.',
    organisation: 'Organisation',
    choose: 'Choose',
    email: 'E-mail address',
    button: 'Send me a link',
    staff: 'Do you work here?',
    staffLink: 'Sign in as staff',
    problem: 'There is a problem',
    faults: {
      email: 'That is no e-mail address.',
      /** Of an address in other letters, which no link can go to. */
      letters:
        'No link can be sent to an address with letters like these. If it is yours, write to them or phone: it counts the same.',
      organisation: 'Choose an organisation.',
    },
  },
  /** At a page that is for members and staff, before anybody has signed in. */
  which: {
    title: 'Sign in to see this page',
    lead: 'Who are you? After signing in you come to the page that you asked for.',
    member: 'A link to sign in comes by mail. You need no password.',
    staff: 'I work here',
    staffHelp: 'Also for those who receive from the organisation, or audit it.',
  },
  sent: {
    title: 'Look into your mail',
    lead: (minutes: number): string =>
      `If the address is known, a link is on its way to it. It works for ${minutes} minutes, and once.`,
    nothing:
      'Nothing came? Look among the unwanted mail, and whether it was the address that is on record. You can also write to them or phone: it counts the same.',
    again: 'Ask again',
  },
  arrive: {
    title: (club: string): string => `Sign in to ${club}`,
    button: 'Sign in',
  },
  over: {
    title: 'This link no longer works',
    used: 'It was used already, or it is too old.',
    help: 'A link works once, and for a short time. If you opened it a moment ago, you may be signed in already.',
    again: 'Ask for another',
  },
  /** In place of what a form would have done. */
  lost: {
    title: 'You were signed out',
    unsent: 'Nothing was sent, and nothing was recorded.',
    why: 'You are signed out by itself after some hours. Sign in, and do it again: you come back to the page that you were on.',
    whyStaff:
      'You are signed out by itself when you do nothing here for an hour. Sign in, and enter it again. It is best to do that in another window, so that you can copy what stands below.',
    typed: 'What you wrote, which is not recorded:',
    again: 'Sign in',
  },
  wait: {
    title: 'Wait a little',
    text: (minutes: number): string =>
      `Too many tries. Try again in ${minutes === 1 ? 'a minute' : `${minutes} minutes`}.`,
  },
  out: {
    title: 'You are signed out',
    staff: 'Sign in as staff',
    member: 'Sign in as a member',
  },
} as const;
