// Adyen's own library for Node, as a till and as a judge of encryption, with nothing of ours in between.
// Standard input: a list of commands; standard output: for each {"told": ...} or {"refused": why}.
//   {"do": "ask", "port", "ca": path, "key", "request": {"SaleToPOIRequest": ...}}  over TLS, as a till does
//   {"do": "payAndAbort", ..., "abort": {...}, "afterMs"}      aborts on a second line while the first waits
//   {"do": "seal", "key", "header", "plain": text}             with the library's encryption
//   {"do": "open", "key", "message": envelope}                 with both of the library's decryptions
// Not for: deciding what is right; that is the caller's.

import { createRequire } from "node:module";
import { readFileSync } from "node:fs";

const require = createRequire(import.meta.url);
const { Client, EnvironmentEnum, NexoCrypto, TerminalLocalAPI } = require("@adyen/api-library");
const { NexoSecurityManager } = require("@adyen/api-library/lib/src/security/clouddevice");

function till({ port, ca }) {
  const client = new Client({
    apiKey: "not used by terminals",
    environment: EnvironmentEnum.TEST,
    certificatePath: ca,
    terminalApiLocalEndpoint: "https://127.0.0.1",
    enable308Redirect: false,
  });
  const api = new TerminalLocalAPI(client);
  api.localRequest.endpoint = `https://127.0.0.1:${port}/nexo/`; // the library knows no other port than 8443
  return api;
}

const asSecurityKey = (key) => ({
  AdyenCryptoVersion: 1,
  KeyIdentifier: key.identifier,
  KeyVersion: key.version,
  Passphrase: key.passphrase,
});

const asCredentials = (key) => ({
  adyenCryptoVersion: 1,
  keyIdentifier: key.identifier,
  keyVersion: key.version,
  passphrase: key.passphrase,
});

const after = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds));

const commands = {
  ask: (given) => till(given).request(given.request, asSecurityKey(given.key)),

  async payAndAbort(given) {
    const payment = commands.ask(given);
    await after(given.afterMs);
    const aborted = await commands.ask({ ...given, request: given.abort });
    return { aborted, payment: await payment };
  },

  seal: ({ key, header, plain }) => ({
    old: NexoCrypto.encrypt(header, plain, asSecurityKey(key)),
    young: new NexoSecurityManager(asCredentials(key)).encrypt(plain, header),
  }),

  open: ({ key, message }) => ({
    old: attempt(() => new NexoCrypto().decrypt(message, asSecurityKey(key))),
    young: attempt(() => new NexoSecurityManager(asCredentials(key)).decrypt(message)),
  }),
};

function attempt(act) {
  try {
    return { told: act() };
  } catch (problem) {
    return { refused: problem.message };
  }
}

const told = [];
for (const command of JSON.parse(readFileSync(0, "utf-8"))) {
  try {
    told.push({ told: await commands[command.do](command) });
  } catch (problem) {
    told.push({ refused: `${problem.name}: ${problem.message}` });
  }
}
console.log(JSON.stringify(told));
