// A mail server on the loopback, for tests: `node mail_server.mjs '{"tls":"implicit","cert":FILE,"key":FILE,"user":U,"password":P}'`.
// One line of JSON on standard output for the port, and one for each mail it took. It ends with its standard input.

import { readFileSync } from "node:fs";
import { SMTPServer } from "smtp-server";

const wanted = JSON.parse(process.argv[2] ?? "{}");
const say = (words) => process.stdout.write(`${JSON.stringify(words)}\n`);
const server = new SMTPServer({
  secure: wanted.tls === "implicit",
  hideSTARTTLS: wanted.tls === "none",
  cert: readFileSync(wanted.cert), key: readFileSync(wanted.key),
  authMethods: ["PLAIN", "LOGIN"],
  disableReverseLookup: true,
  onAuth: (auth, session, done) => {
    const right = auth.username === wanted.user && auth.password === wanted.password;
    say({ login: auth.username, right, secure: session.secure });
    if (right) return done(null, { user: auth.username });
    const refused = new Error("the password is wrong here");
    refused.responseCode = 535;
    return done(refused);
  },
  onRcptTo: (address, session, done) => {
    if (!address.address.startsWith("nobody@")) return done();
    const refused = new Error("nobody of that name here");
    refused.responseCode = 550;
    return done(refused);
  },
  onData: (stream, session, done) => {
    let raw = "";
    stream.setEncoding("utf8").on("data", (part) => { raw += part; }).on("end", () => {
      say({ from: session.envelope.mailFrom.address, to: session.envelope.rcptTo.map((one) => one.address), secure: session.secure, raw });
      done(null, "kept");
    });
  },
});
server.on("error", () => undefined);
server.listen(0, "127.0.0.1", () => say({ port: server.server.address().port }));
process.stdin.resume().on("end", () => process.exit(0));
