/** Headers of every answer: no script, no frame, nothing from elsewhere. */
import type { MiddlewareHandler } from 'hono';
import { secureHeaders } from 'hono/secure-headers';

export function safeHeaders(url: string): MiddlewareHandler {
  return secureHeaders({
    contentSecurityPolicy: {
      defaultSrc: ["'none'"],
      styleSrc: ["'self'"],
      imgSrc: ["'self'", 'data:'],
      formAction: ["'self'"],
      baseUri: ["'none'"],
      frameAncestors: ["'none'"],
    },
    strictTransportSecurity: url.startsWith('https:') ? 'max-age=31536000' : false,
    xFrameOptions: 'DENY',
    // With `no-referrer` a browser says of its own forms that they come from nowhere, and they are turned away.
    referrerPolicy: 'same-origin',
    // What an answer says itself stands: a published log may be read from anywhere.
    overwrite: false,
  });
}
