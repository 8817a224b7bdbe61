/** A mail server for tests: as much of SMTP (RFC 5321) as a sender needs. */
import { createServer, type Server, type Socket } from 'node:net';

export type Received = { readonly to: readonly string[]; readonly message: string };
export type SmtpServer = {
  readonly url: string;
  readonly received: readonly Received[];
  /** What it answers to RCPT of an address from now on; 250 unless said. */
  answer(address: string, reply: string): void;
  /** Hangs up instead of saying that it took the next message over; it has taken it. */
  hangUpOnce(): void;
  close(): Promise<void>;
  /** On the port it had. */
  open(): Promise<void>;
};

export async function smtpServer(): Promise<SmtpServer> {
  const received: Received[] = [];
  const replies = new Map<string, string>();
  const sockets = new Set<Socket>();
  let [hangsUp, port] = [false, 0];
  let server: Server;
  const open = async (): Promise<void> => {
    server = createServer((socket) => {
      sockets.add(socket.on('close', () => sockets.delete(socket)).on('error', () => {}));
      talk(socket, {
        reply: (address) => replies.get(address) ?? '250 ok',
        took(mail) {
          received.push(mail);
          if (!hangsUp) return '250 taken';
          hangsUp = false;
          return null;
        },
      });
    });
    await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
    const address = server.address();
    if (typeof address === 'object' && address !== null) port = address.port;
  };
  await open();
  return {
    url: `smtp://127.0.0.1:${port}`,
    received,
    answer: (address, reply) => void replies.set(address, reply),
    hangUpOnce: () => {
      hangsUp = true;
    },
    open,
    async close() {
      for (const socket of sockets) socket.destroy();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}

type Manners = { reply(address: string): string; took(mail: Received): string | null };

function talk(socket: Socket, { reply, took }: Manners): void {
  const say = (line: string): void => void socket.write(`${line}\r\n`);
  let [buffer, inData] = ['', false];
  let to: string[] = [];
  const line = (text: string): void => {
    const [verb = ''] = text.toUpperCase().split(/[ :]/);
    const address = /<([^>]*)>/.exec(text)?.[1] ?? '';
    if (verb === 'QUIT') {
      socket.end('221 bye\r\n');
      return;
    }
    if (verb === 'MAIL') to = [];
    if (verb === 'RCPT') {
      const answer = reply(address);
      if (answer.startsWith('2')) to.push(address);
      say(answer);
      return;
    }
    inData = verb === 'DATA';
    say(inData ? '354 go on' : '250 ok');
  };
  socket.setEncoding('utf8').on('data', (chunk: string) => {
    buffer += chunk;
    for (;;) {
      const end = inData ? buffer.indexOf('\r\n.\r\n') : buffer.indexOf('\r\n');
      if (end < 0) return;
      const text = buffer.slice(0, end);
      buffer = buffer.slice(end + (inData ? 5 : 2));
      if (!inData) line(text);
      else {
        inData = false;
        const answer = took({ to, message: text });
        if (answer === null) socket.destroy();
        else say(answer);
      }
    }
  });
  say('220 test');
}
