// Checks seals of attests with nothing of ours: a small CBOR reader and the crypto of Node.
// Standard input: {"keys": {kid in hex: certificate in PEM}, "seals": {name: text of a code}}.
// Standard output: {name: {"issuer", "issuedAt", "facts"} or {"refused": why}}.
// Not for: dates, revocations or the list of keys; those are the caller's.

import { X509Certificate, verify } from "node:crypto";
import { inflateSync } from "node:zlib";
import { readFileSync } from "node:fs";

const LETTERS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:";

function unbase45(text) {
  const bytes = [];
  for (let at = 0; at < text.length; at += 3) {
    const digits = [...text.slice(at, at + 3)].map((letter) => LETTERS.indexOf(letter));
    if (digits.includes(-1) || digits.length === 1) throw new Error("not base45");
    const value = digits.reduceRight((sum, digit) => sum * 45 + digit, 0);
    if (value > (digits.length === 3 ? 0xffff : 0xff)) throw new Error("not base45");
    if (digits.length === 3) bytes.push(value >> 8);
    bytes.push(value & 0xff);
  }
  return Buffer.from(bytes);
}

class Tagged {
  constructor(tag, value) {
    this.tag = tag;
    this.value = value;
  }
}

// The shortest form of lengths and numbers only, and keys in ascending order of their bytes.
class Reader {
  constructor(bytes) {
    this.bytes = bytes;
    this.at = 0;
  }

  take(count) {
    if (this.at + count > this.bytes.length) throw new Error("cut short");
    this.at += count;
    return this.bytes.subarray(this.at - count, this.at);
  }

  head() {
    const first = this.take(1)[0];
    const small = first & 31;
    if (small < 24) return [first >> 5, small];
    if (small > 26) throw new Error("a length nobody needs");
    const value = this.take(1 << (small - 24)).reduce((sum, byte) => sum * 256 + byte, 0);
    if (value < { 24: 24, 25: 0x100, 26: 0x10000 }[small]) throw new Error("not the shortest form");
    return [first >> 5, value];
  }

  value() {
    const [major, number] = this.head();
    switch (major) {
      case 0:
        return number;
      case 1:
        return -1 - number;
      case 2:
        return Buffer.from(this.take(number));
      case 3:
        return new TextDecoder("utf-8", { fatal: true }).decode(this.take(number));
      case 4:
        return Array.from({ length: number }, () => this.value());
      case 5:
        return this.map(number);
      case 6:
        return new Tagged(number, this.value());
      default:
        if (number === 20 || number === 21) return number === 21;
        throw new Error("a value that is not plain");
    }
  }

  map(count) {
    const found = new Map();
    let before = null;
    for (let entry = 0; entry < count; entry += 1) {
      const start = this.at;
      const key = this.value();
      const raw = this.bytes.subarray(start, this.at);
      if (before && Buffer.compare(before, raw) >= 0) throw new Error("keys out of order");
      before = raw;
      found.set(key, this.value());
    }
    return found;
  }
}

function read(bytes) {
  const reader = new Reader(bytes);
  const value = reader.value();
  if (reader.at !== bytes.length) throw new Error("something follows");
  return value;
}

function bytesHead(length) {
  if (length < 24) return Buffer.from([0x40 | length]);
  if (length < 0x100) return Buffer.from([0x58, length]);
  return Buffer.from([0x59, length >> 8, length & 0xff]);
}

const wrapped = (bytes) => Buffer.concat([bytesHead(bytes.length), bytes]);

function toSign(protectedHeader, statement) {
  const context = Buffer.from("Signature1", "ascii");
  const start = Buffer.concat([Buffer.from([0x84, 0x60 | context.length]), context]);
  return Buffer.concat([start, wrapped(protectedHeader), wrapped(Buffer.alloc(0)), wrapped(statement)]);
}

function coseOf(text) {
  const packed = unbase45(text.slice(4));
  if (text.startsWith("BE0:")) return packed;
  if (text.startsWith("BE1:")) return inflateSync(packed, { maxOutputLength: 8192 });
  throw new Error("another prefix");
}

function check(text, keys) {
  const sealed = read(coseOf(text));
  if (!(sealed instanceof Tagged) || sealed.tag !== 18) throw new Error("no COSE_Sign1");
  const [protectedHeader, unprotected, statement, signature] = sealed.value;
  const header = read(protectedHeader);
  if (unprotected.size !== 0 || header.size !== 2 || header.get(1) !== -7) throw new Error("other headers");
  const pem = keys[header.get(4).toString("hex")];
  if (!pem) throw new Error("unknown key");
  const key = { key: new X509Certificate(pem).publicKey, dsaEncoding: "ieee-p1363" };
  if (!verify("sha256", toSign(protectedHeader, statement), key, signature)) throw new Error("wrong signature");
  const claims = read(statement);
  return { issuer: claims.get(1), issuedAt: claims.get(6), facts: claims.get(-65537).get(10) };
}

const { keys, seals } = JSON.parse(readFileSync(0, "utf-8"));
const told = {};
for (const [name, text] of Object.entries(seals)) {
  try {
    told[name] = check(text, keys);
  } catch (problem) {
    told[name] = { refused: problem.message };
  }
}
console.log(JSON.stringify(told));
