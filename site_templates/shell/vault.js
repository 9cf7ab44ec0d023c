/* Opens the encrypted files of the site, which docs/encryption.md describes and
 * tracker/site/encrypted/container.py writes. They are classic scripts: a page that was opened from
 * a disk can read nothing else.
 *
 *   TrackerVault.rootOf(passphrase)  the bytes that all keys are derived from; takes a moment
 *   TrackerVault.open(root)          a vault; refuses with "passphrase" where the root is not right
 *   vault.read(path)                 the content of a file of the plain site, as bytes
 *
 * What cannot be had is refused with a `Refused`: "missing" where there is no such file, "damaged"
 * where it is not what was written for this path by this build.
 */
(function () {
  "use strict";

  const VERSION = 1;
  const NONCE = 12; // Bytes.
  const { salt, iterations, check } = document.documentElement.dataset;
  const { subtle } = globalThis.crypto ?? {};

  class Refused extends Error {
    constructor(reason, path) {
      super(`${reason}: ${path}`);
      this.reason = reason;
      this.path = path;
    }
  }

  function bytesOf(text) {
    const binary = atob(text);
    const bytes = new Uint8Array(binary.length);
    for (let at = 0; at < binary.length; at += 1) bytes[at] = binary.charCodeAt(at);
    return bytes;
  }

  const utf8 = (text) => new TextEncoder().encode(text);

  async function rootOf(passphrase) {
    const secret = utf8(passphrase.normalize("NFKC").replace(/^ +| +$/g, ""));
    const key = await subtle.importKey("raw", secret, "PBKDF2", false, ["deriveBits"]);
    const how = {
      name: "PBKDF2",
      hash: "SHA-256",
      salt: bytesOf(salt),
      iterations: Number(iterations),
    };
    return new Uint8Array(await subtle.deriveBits(how, key, 256));
  }

  async function open(root) {
    const key = await subtle.importKey("raw", root, "HKDF", false, ["deriveKey"]);
    const derived = (purpose, kind, use) => {
      const info = utf8(`tracker site ${VERSION} ${purpose}`);
      const how = { name: "HKDF", hash: "SHA-256", salt: bytesOf(salt), info };
      return subtle.deriveKey(how, key, kind, false, [use]);
    };
    const contentKey = await derived("content", { name: "AES-GCM", length: 256 }, "decrypt");
    const hmac = { name: "HMAC", hash: "SHA-256", length: 256 };
    const vault = new Vault(contentKey, await derived("names", hmac, "sign"));
    if (!(await vault.accepts(check))) throw new Refused("passphrase", "");
    return vault;
  }

  class Vault {
    #contentKey;
    #nameKey;
    #reading = new Map();

    constructor(contentKey, nameKey) {
      this.#contentKey = contentKey;
      this.#nameKey = nameKey;
    }

    /** Tell whether the keys open what was encrypted to try them on. */
    async accepts(text) {
      try {
        return (await this.#opened("", text)).length === 0;
      } catch {
        return false;
      }
    }

    read(path) {
      if (!this.#reading.has(path)) this.#reading.set(path, this.#read(path));
      return this.#reading.get(path);
    }

    async #read(path) {
      const text = await load(await this.#address(path), path);
      try {
        return await this.#opened(path, text);
      } catch {
        throw new Refused("damaged", path);
      }
    }

    async #address(path) {
      const digest = new Uint8Array(await subtle.sign("HMAC", this.#nameKey, utf8(path)));
      const name = Array.from(digest.subarray(0, 16), (byte) => byte.toString(16).padStart(2, "0"));
      return `sealed/${name[0]}/${name.slice(1).join("")}.js`;
    }

    /** Return what is in an encrypted file; any error says that it is not the one of this path. */
    async #opened(path, text) {
      const sealed = bytesOf(text);
      if (sealed[0] !== VERSION) throw new Error("another version");
      const additionalData = new Uint8Array([VERSION, ...bytesOf(salt), ...utf8(path)]);
      const iv = sealed.subarray(1, 1 + NONCE);
      const how = { name: "AES-GCM", iv, additionalData, tagLength: 128 };
      const padded = await subtle.decrypt(how, this.#contentKey, sealed.subarray(1 + NONCE));
      const length = new DataView(padded).getUint32(0);
      const packed = new Blob([new Uint8Array(padded, 4, length)]).stream();
      const unpacked = packed.pipeThrough(new DecompressionStream("deflate"));
      return new Uint8Array(await new Response(unpacked).arrayBuffer());
    }
  }

  // --- Files -------------------------------------------------------------------------------------

  const delivered = new Map();

  globalThis.trackerSealed = (text) => delivered.set(document.currentScript, text);

  /** Return the text that a file hands over when it runs. */
  function load(address, path) {
    return new Promise((resolve, reject) => {
      const script = document.createElement("script");
      script.addEventListener("load", () => {
        const text = delivered.get(script);
        delivered.delete(script);
        script.remove();
        if (typeof text === "string") resolve(text);
        else reject(new Refused("damaged", path));
      });
      script.addEventListener("error", () => {
        script.remove();
        reject(new Refused("missing", path));
      });
      // Not by the property, which shell/pages.js gives another meaning.
      script.setAttribute("src", address);
      document.head.append(script);
    });
  }

  globalThis.TrackerVault = Object.freeze({ Refused, rootOf, open });
})();
