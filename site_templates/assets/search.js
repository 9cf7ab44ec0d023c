/* Search of the whole site: names, contacts, phone numbers, tags, quote and contract numbers, and
 * everything that was said; Chinese by substring and by pinyin, whole or by initials.
 *
 * The data are the scripts that tracker/site/search_data.py writes. They are loaded when the dialog
 * is opened first: what customers are called before what was said. All of it is held as long texts
 * of lines, because nothing is faster than letting the browser look for a word in a long text.
 */
(function () {
  "use strict";

  const dialog = document.getElementById("search");
  const opener = document.getElementById("search-open");
  if (!dialog || !dialog.showModal || !opener) return;

  const part = (name) => document.getElementById(`search-${name}`);
  const [input, closer, hint, found, hits] = ["text", "close", "hint", "found", "hits"].map(part);
  const byPinyin = part("pinyin");

  const SHOWN = 30; // Hits listed; who gets more had better type another word.
  const LANES = 4; // Scripts loaded at a time.
  const SLICE = 30; // Milliseconds of searching until the browser gets a turn.
  const AGAIN = 200; // Milliseconds between searches again while texts are being loaded.
  const REMEMBERED = 20; // Words whose customers are kept.
  const LONGEST = 100; // Characters of what is looked for.
  const LONGEST_SOUND = 40;
  const SNIPPET = 90; // Characters of a text shown around a hit.
  const BEFORE = 20; // Those of them before the hit.

  // What a hit is worth: where all of a line is what was asked for, its beginning, any of it.
  const WORTH = {
    name: [100, 90, 70],
    contact: [64, 60, 56],
    phone: [54, 53, 34],
    number: [52, 50, 48],
    tag: [44, 42, 40],
    detail: [32, 31, 30],
    text: [10, 10, 10],
  };
  const LESS_BY_SOUND = 2;

  // --- Words -----------------------------------------------------------------------------------

  const fold = (text) => TrackerQuery.fold(text);
  const compact = (text) => text.replace(/[^\p{L}\p{N}]/gu, "");
  const digits = (text) => text.replace(/[^0-9]/g, "");

  function wordsOf(query) {
    const all = query.slice(0, LONGEST).split(/\s+/).map(fold).filter(Boolean);
    // An and among others is no word: "smith and sons" is Smith & Sons, too.
    const words = all.filter((word) => word !== "and" && word !== "&");
    return [...new Set(words.length ? words : all)].map((text) => ({
      text,
      // 0512-6688 is looked for in the digits of telephone numbers, Q2026031 in those without dashes.
      digits: /^[+()./ 0-9]+$/.test(text) && digits(text).length > 1 ? digits(text) : "",
      compact: /\p{N}/u.test(text) ? compact(text) : "",
      sound: soundOf(text),
    }));
  }

  /** Return the letters that may stand for a sound: without the marks that input methods put in,
   * without accents, and with v for ü, as Chinese is typed. */
  function soundOf(text) {
    const letters = latin(text.replace(/[' ]/g, "").replace(/ü/g, "v"));
    return /[a-z]/.test(letters) && letters.length <= LONGEST_SOUND ? letters : "";
  }

  // --- Sounds ----------------------------------------------------------------------------------

  const HAN = /\p{Script=Han}/u;
  const TOKENS = /\p{Script=Han}|(?:(?!\p{Script=Han})[\p{L}\p{M}\p{N}])+/gu;

  let readings = {};

  /** Return the characters and foreign words of a text with what is typed for each on a Latin
   * keyboard: the syllables of a Chinese character, the letters of a word without their accents. */
  function tokensOf(text) {
    return Array.from(text.matchAll(TOKENS), ({ 0: token, index }) => ({
      start: index,
      end: index + token.length,
      forms: HAN.test(token) ? (readings[token] ?? "?").split(" ") : [latin(token) || "?"],
    }));
  }

  /** Return a word as it is typed without accents; nothing for one of another script. */
  function latin(word) {
    const plain = word.normalize("NFKD").toLowerCase().replace(/\p{M}/gu, "");
    const typed = TrackerQuery.plainLetters(plain);
    return /^[a-z0-9]*$/.test(typed) ? typed : "";
  }

  /** Return a text as a line of sounds, such as " shan/dan xiao", or nothing if it has none. */
  function soundLine(text) {
    return tokensOf(text)
      .map(({ forms }) => ` ${forms.join("/")}`)
      .join("");
  }

  /** Return the first and the last of the tokens in a row that the letters stand for, or null.
   * Each gives one letter or more of one of its forms, from the first on: hdjm, hengdjm. */
  function soundRun(tokens, letters) {
    for (let first = 0; first < tokens.length; first++) {
      let reached = new Set([0]);
      for (let last = first; last < tokens.length && reached.size; last++) {
        const next = new Set();
        for (const at of reached) {
          for (const form of tokens[last]) {
            for (let length = 0; length < form.length && form[length] === letters[at + length]; ) {
              next.add(at + ++length);
            }
          }
        }
        if (next.has(letters.length)) return [first, last];
        reached = next;
      }
    }
    return null;
  }

  const PATTERN_LETTERS = 8;

  /** Return the pattern that says of a line of sounds what soundRun says of its tokens, but for the
   * first few letters alone: one of many could try for ever. */
  function soundPattern(letters) {
    const next = "(?:[^ \\n]* (?:[^ \\n]*\\/)?)??";
    return new RegExp(`[ /]${Array.from(letters.slice(0, PATTERN_LETTERS)).join(next)}`, "g");
  }

  // --- Data ------------------------------------------------------------------------------------

  /** Many lines as one text, each with the customer that it is about and what it is. */
  class Lines {
    constructor() {
      this.text = "";
      this.starts = [];
      this.customers = [];
      this.kinds = [];
    }

    /** Add `[line, customer, kind]`s. */
    add(entries) {
      let length = this.text.length;
      for (const [line, customer, kind] of entries) {
        this.starts.push(length);
        this.customers.push(customer);
        this.kinds.push(kind);
        length += line.length + 1;
      }
      this.text += entries.map(([line]) => `${line}\n`).join("");
    }

    line(number) {
      return this.text.slice(this.starts[number], this.end(number));
    }

    end(number) {
      return (this.starts[number + 1] ?? this.text.length) - 1;
    }

    /** Call `visit(number, place)` with each line in which `next(from)` finds something; where it
     * returns true, the customer's other lines are passed over. */
    each(next, visit) {
      const { starts, customers } = this;
      let number = 0;
      for (let at = starts.length ? next(0) : -1; at >= 0; at = next(starts[number])) {
        while (number + 1 < starts.length && starts[number + 1] <= at) number++;
        const customer = customers[number];
        const enough = visit(number, at);
        do number++;
        while (enough && customers[number] === customer);
        if (number >= starts.length) return;
      }
    }

    eachWith(word, visit) {
      this.each((from) => this.text.indexOf(word, from), visit);
    }
  }

  const data = {
    asked: false,
    failed: false,
    loaded: 0, // Parts of the texts.
    parts: Infinity,
    version: 0, // Of what has been loaded: it grows.
    customers: [], // [page, name, short, stage, owner, last contact, contacts, quotes, contract, tags]
    texts: [], // Of each customer: [[anchor, text], …], and their folded lines.
    heads: new Lines(),
    phones: new Lines(),
    sounds: new Lines(),
    said: [], // Lines of each part
    order: null, // Customers, the last contacted first.
    place: null, // Where a customer stands in that order.
  };

  function loadScript(address) {
    return new Promise((resolve, reject) => {
      const script = document.createElement("script");
      script.src = dialog.dataset.root + address;
      script.onload = () => resolve(script.remove());
      script.onerror = () => reject(new Error(address));
      document.head.append(script);
    });
  }

  async function loadPart(number, sum) {
    await loadScript(`data/search-${number}.js${sum ? `?${sum}` : ""}`);
    const value = globalThis.trackerSearch[number];
    globalThis.trackerSearch[number] = null;
    if (sum && value.sum !== sum) throw new Error(`part ${number} is of another build`);
    return value;
  }

  async function loadAll() {
    const [{ heads, texts, sounds }] = await Promise.all([
      loadPart(0),
      globalThis.TrackerQuery || loadScript("assets/query.js"),
    ]);
    readings = sounds;
    data.parts = texts.length;
    await inLanes(heads, async (sum, index) => takeHeads(await loadPart(1 + index, sum)));
    setOrder();
    changed();
    await inLanes(texts, async (sum, index) => {
      takeTexts(await loadPart(1 + heads.length + index, sum));
      changed();
    });
  }

  /** Do something for every item, a few at a time, in their order. */
  function inLanes(items, work) {
    let next = 0;
    const lane = async () => {
      while (next < items.length) {
        const index = next++;
        await work(items[index], index);
      }
    };
    return Promise.all(Array.from({ length: LANES }, lane));
  }

  function takeHeads({ first, heads }) {
    const lines = [];
    const phones = [];
    const sounds = [];
    heads.forEach((head, index) => {
      if (HAN.test(head[1])) byPinyin.hidden = false;
      const customer = first + index;
      data.customers[customer] = head;
      for (const [kind, text] of namesOf(head)) {
        lines.push([fold(text), customer, kind]);
        if (kind !== "number" && kind !== "detail") sounds.push([soundLine(text), customer, kind]);
        if (kind === "number") lines.push([compact(fold(text)), customer, kind]);
      }
      for (const [, , phone] of contactsOf(head)) {
        if (phone) phones.push([digits(fold(phone)), customer, "phone"]);
      }
    });
    data.heads.add(lines);
    data.phones.add(phones);
    data.sounds.add(sounds);
  }

  const contactsOf = (head) => head[6] ?? [];

  function* namesOf([, name, short, , , , contacts = [], quotes = [], contract, tags = []]) {
    yield ["name", name];
    if (short) yield ["name", short];
    for (const [person, ...details] of contacts) {
      yield ["contact", person];
      for (const detail of details) if (detail) yield ["detail", detail];
    }
    for (const number of contract ? [...quotes, contract] : quotes) yield ["number", number];
    for (const tag of tags) yield ["tag", tag];
  }

  function takeTexts({ first, texts }) {
    const said = new Lines();
    const lines = [];
    texts.forEach((entries, index) => {
      data.texts[first + index] = { entries, said, from: lines.length };
      for (const [, text] of entries) lines.push([fold(text), first + index, "text"]);
    });
    said.add(lines);
    data.said.push(said);
    data.loaded++;
  }

  function setOrder() {
    const last = (customer) => data.customers[customer][5] ?? "";
    data.order = data.customers
      .map((_, customer) => customer)
      .sort((left, right) => (last(left) < last(right)) - (last(left) > last(right)));
    data.place = [];
    data.order.forEach((customer, place) => (data.place[customer] = place));
  }

  // --- Finding ---------------------------------------------------------------------------------

  let known = { version: -1, worths: new Map() };

  /** Work out what each customer is worth for a word; let others have a turn at each `yield`. */
  function* worthsOf(word) {
    if (known.version !== data.version) known = { version: data.version, worths: new Map() };
    const { worths } = known;
    if (worths.has(word.text)) return worths.get(word.text);
    const found = new Uint8Array(data.customers.length);
    const count = (customer, worth) => {
      if (worth > found[customer]) found[customer] = worth;
    };
    findLiteral(data.heads, word.text, count);
    if (word.compact) findLiteral(data.heads, word.compact, count, "number");
    if (word.digits) findPhone(word.digits, count);
    if (word.sound) findSound(word.sound, count);
    for (const lines of data.said) {
      yield;
      lines.eachWith(word.text, (number) => {
        count(lines.customers[number], WORTH.text[2]);
        return true;
      });
    }
    if (worths.size >= REMEMBERED) worths.delete(worths.keys().next().value);
    worths.set(word.text, found);
    return found;
  }

  function findLiteral(lines, text, count, only) {
    lines.eachWith(text, (number, at) => {
      const kind = lines.kinds[number];
      if (only && kind !== only) return;
      const whole = lines.end(number) - at === text.length;
      const start = at === lines.starts[number];
      count(lines.customers[number], WORTH[kind][start ? (whole ? 0 : 1) : 2]);
    });
  }

  /** People remember how a telephone number ends. */
  function findPhone(text, count) {
    const { phones } = data;
    phones.eachWith(text, (number) => {
      const tail = phones.end(number) - text.length;
      const grade = !phones.text.startsWith(text, tail) ? 2 : tail > phones.starts[number] ? 1 : 0;
      count(phones.customers[number], WORTH.phone[grade]);
    });
  }

  function findSound(letters, count) {
    const { sounds } = data;
    const pattern = soundPattern(letters);
    const next = (from) => {
      pattern.lastIndex = from;
      return pattern.exec(sounds.text)?.index ?? -1;
    };
    sounds.each(next, (number, at) => {
      const grade =
        letters.length > PATTERN_LETTERS
          ? gradeOfTokens(sounds.line(number), letters)
          : gradeOfMatch(number, at, pattern.lastIndex);
      if (grade === null) return;
      count(sounds.customers[number], WORTH[sounds.kinds[number]][grade] - LESS_BY_SOUND);
    });
  }

  function gradeOfMatch(number, at, end) {
    const { text, starts } = data.sounds;
    // The beginning of the first token may be another form of it: the slash is within the token.
    if (text.lastIndexOf(" ", at) > starts[number]) return 2;
    const next = text.indexOf(" ", end);
    return next < 0 || next > data.sounds.end(number) ? 0 : 1;
  }

  function gradeOfTokens(line, letters) {
    const tokens = line.slice(1).split(" ");
    const run = soundRun(
      tokens.map((forms) => forms.split("/")),
      letters,
    );
    if (!run) return null;
    return run[0] ? 2 : run[1] === tokens.length - 1 ? 0 : 1;
  }

  /** Find the customers that have all words: how many, and the first of them. */
  function* find(words) {
    const worths = [];
    for (const word of words) worths.push(yield* worthsOf(word));
    const total = data.customers.length;
    // Worth and place in one number, so that the browser's own sorting of numbers will do.
    const keys = new Float64Array(total);
    let count = 0;
    for (let customer = 0; customer < total; customer++) {
      let sum = 0;
      for (const worth of worths) {
        if (!worth[customer]) {
          sum = 0;
          break;
        }
        sum += worth[customer];
      }
      if (sum) keys[count++] = data.place[customer] - sum * total;
    }
    const sorted = keys.subarray(0, count).sort().subarray(0, SHOWN);
    const customerAt = (key) => data.order[((key % total) + total) % total];
    return { count, customers: Array.from(sorted, customerAt) };
  }

  // --- Where a word stands in a text -----------------------------------------------------------

  const SAME = /[0-9a-z\u3001\u3002\u4e00-\u9fff]/;
  const GAP = /[\s_-]/;

  /** Return the places of a word in a text as it is written: [[start, end], …]. */
  function placesIn(text, word) {
    const places = foldedPlaces(text, word.text, false);
    if (!places.length && word.compact) return foldedPlaces(text, word.compact, true);
    return places;
  }

  /** Fold a text character by character, so as to know where each came from. */
  function foldedPlaces(text, wanted, compactly) {
    let folded = "";
    const origins = [];
    let at = 0;
    for (const char of text) {
      let piece = SAME.test(char) ? char : GAP.test(char) ? " " : fold(char);
      if (compactly) piece = compact(piece);
      if (piece !== " " || !folded.endsWith(" ")) {
        for (let index = 0; index < piece.length; index++) origins.push(at);
        folded += piece;
      }
      at += char.length;
    }
    origins.push(at);
    const places = [];
    for (let from = folded.indexOf(wanted); from >= 0; from = folded.indexOf(wanted, from + 1)) {
      places.push([origins[from], origins[from + wanted.length]]);
      from += wanted.length - 1;
    }
    return places;
  }

  function soundPlaces(text, word) {
    if (!word.sound) return [];
    const tokens = tokensOf(text);
    const run = soundRun(tokens.map(({ forms }) => forms), word.sound);
    return run ? [[tokens[run[0]].start, tokens[run[1]].end]] : [];
  }

  function phonePlaces(text, word) {
    return word.digits ? foldedPlaces(text, word.digits, true) : [];
  }

  // --- Showing ---------------------------------------------------------------------------------

  /** Return an element; texts become text, never HTML. */
  function element(name, className, ...children) {
    const made = document.createElement(name);
    if (className) made.className = className;
    made.append(...children);
    return made;
  }

  /** Return a text with its places marked, as nodes in a bdi. */
  function marked(text, places) {
    const holder = element("bdi", "");
    let done = 0;
    for (const [start, end] of [...places].sort((left, right) => left[0] - right[0])) {
      if (end <= done) continue;
      holder.append(text.slice(done, Math.max(start, done)));
      holder.append(element("mark", "", text.slice(Math.max(start, done), end)));
      done = end;
    }
    holder.append(text.slice(done));
    return holder;
  }

  /** A field of a head that is shown where a word stands in it. */
  class Shown {
    constructor(text, ...ways) {
      this.text = text;
      this.ways = ways;
      this.places = [];
    }

    /** Look for a word; tell whether it is there. */
    take(word) {
      for (const way of this.ways) {
        const places = way(this.text, word);
        this.places.push(...places);
        if (places.length) return true;
      }
      return false;
    }

    get nodes() {
      return marked(this.text, this.places);
    }
  }

  const named = (text) => new Shown(text, placesIn, soundPlaces);
  const exact = (text) => new Shown(text, placesIn);

  function hitOf(customer, words) {
    const [page, name, short, stage, owner, , contacts = [], quotes = [], contract, tags = []] =
      data.customers[customer];
    const titles = [named(name), named(short ?? "")];
    const lines = [
      ...contacts.map(([person, title, phone, ...others], index) => ({
        label: "contact",
        anchor: `contact-${index + 1}`,
        first: named(person),
        rest: [exact(title), new Shown(phone, placesIn, phonePlaces)],
        others: others.map(exact),
      })),
      ...quotes.map((quote) => ({ label: "quote", anchor: "offers", first: exact(quote) })),
      ...(contract ? [{ label: "contract", anchor: "deal", first: exact(contract) }] : []),
      ...tags.map((tag) => ({ label: "tag", anchor: "", first: named(tag) })),
    ];
    const why = [];
    const missing = [];
    for (const word of words) {
      const inTitle = titles.filter((title) => title.take(word)).length > 0;
      const line = inTitle ? null : lines.find((each) => inLine(each, word));
      if (line && !why.includes(line)) why.push(line);
      if (!inTitle && !line) missing.push(word);
    }
    const text = missing.length ? textFor(customer, missing) : null;
    const anchor = text?.anchor ?? why.find((line) => line.anchor)?.anchor;
    const [title, nickname] = titles;
    const head = element("span", "hit-name", title.nodes);
    if (short) head.append(" ", element("small", "", nickname.nodes));
    const side = [stage, owner].filter(Boolean).join(" · ");
    const hit = element("a", "hit", head, " ", element("span", "hit-side", side));
    for (const line of why) hit.append(" ", lineNodes(line));
    if (text) hit.append(" ", snippet(text, missing));
    hit.href = `${dialog.dataset.root}customers/${encodeURIComponent(page)}.html${anchor ? `#${anchor}` : ""}`;
    return hit;
  }

  function inLine(line, word) {
    const { first, rest = [], others = [] } = line;
    if ([first, ...rest].some((shown) => shown.take(word))) return true;
    const other = others.find((shown) => shown.take(word));
    if (other && !rest.includes(other)) rest.push(other);
    return Boolean(other);
  }

  function lineNodes({ label, first, rest = [] }) {
    const line = element("span", "hit-why", labelNode(dialog.dataset[`label${capital(label)}`]));
    for (const shown of [first, ...rest]) if (shown.text) line.append(" ", shown.nodes);
    return line;
  }

  const capital = (word) => word[0].toUpperCase() + word.slice(1);
  const labelNode = (text) => element("span", "k", text);

  /** Return the text that has most of the words, the first of equals. */
  function textFor(customer, words) {
    const { entries = [], said, from } = data.texts[customer] ?? {};
    let best = null;
    let most = 0;
    entries.forEach(([anchor, text], index) => {
      const folded = said.line(from + index);
      const count = words.filter((word) => folded.includes(word.text)).length;
      if (count > most) [best, most] = [{ anchor, text }, count];
    });
    return best;
  }

  function snippet({ anchor, text }, words) {
    const places = words.flatMap((word) => placesIn(text, word));
    const hit = places.length ? Math.min(...places.map(([start]) => start)) : 0;
    const start = text.length > SNIPPET ? Math.max(0, hit - BEFORE) : 0;
    // Whole characters: not half of a pair, not an accent without its letter.
    const cut = (at) => (/[\udc00-\udfff\p{M}]/u.test(text[at] ?? "") ? at - 1 : at);
    const [from, to] = [cut(start), cut(start + SNIPPET)];
    const shifted = places
      .filter(([, end]) => end > from && end <= to)
      .map(([left, right]) => [Math.max(left - from, 0), right - from]);
    const line = element("span", "hit-why hit-text", labelNode(placeName(anchor)), " ");
    if (from > 0) line.append("…");
    line.append(marked(text.slice(from, to), shifted));
    if (to < text.length) line.append("…");
    return line;
  }

  const dayFormat = new Intl.DateTimeFormat(document.documentElement.lang, {
    dateStyle: "medium",
    timeZone: "UTC",
  });

  function placeName(anchor) {
    const [, day] = anchor.match(/^f-([0-9]{4}-[0-9]{2}-[0-9]{2})/) ?? [];
    return day
      ? dayFormat.format(Date.parse(`${day}T00:00:00Z`))
      : dialog.dataset[`label${capital(anchor)}`];
  }

  // --- The dialog ------------------------------------------------------------------------------

  let chosen = -1;
  let listed = ""; // What the hits were found for.
  let turn = 0;
  let waiting = 0;

  const say = (key, values = {}) =>
    dialog.dataset[`text${capital(key)}`].replace(/\[(\w+)\]/g, (_, name) => values[name]);

  const { lang } = document.documentElement;
  const number = new Intl.NumberFormat(lang);
  const percent = new Intl.NumberFormat(lang, { style: "percent" });

  function state(result) {
    if (data.failed) return say("failed");
    if (!data.place) return say("reading");
    const more =
      data.loaded < data.parts
        ? say("more", { share: percent.format(data.loaded / data.parts) })
        : "";
    if (!result) return more;
    const { count, customers } = result;
    const values = { count: number.format(count), shown: number.format(customers.length) };
    const key = count === 0 ? "none" : count > customers.length ? "first" : "found";
    return [say(key, values), more].filter(Boolean).join(" · ");
  }

  /** Search for what is typed now; a later search ends an earlier one. */
  function search() {
    const mine = ++turn;
    const words = data.place ? wordsOf(input.value) : [];
    hint.hidden = input.value.trim() !== "";
    const answer = (customers, result) => {
      list(customers, words);
      found.textContent = state(result);
      dialog.setAttribute("aria-busy", "false");
    };
    if (!words.length) {
      answer([], null);
      return;
    }
    dialog.setAttribute("aria-busy", "true");
    const steps = find(words);
    const advance = () => {
      if (mine !== turn) return;
      const until = performance.now() + SLICE;
      let step = steps.next();
      while (!step.done && performance.now() < until) step = steps.next();
      if (!step.done) {
        setTimeout(advance);
        return;
      }
      answer(step.value.customers, step.value);
    };
    advance();
  }

  /** More has been loaded: search again, but not all the time. */
  function changed() {
    data.version++;
    if (data.loaded === data.parts || (data.place && !data.loaded)) {
      clearTimeout(waiting);
      waiting = 0;
      searchAgain();
    } else {
      waiting ||= setTimeout(searchAgain, AGAIN);
    }
  }

  function searchAgain() {
    waiting = 0;
    if (dialog.open) search();
  }

  function list(customers, words) {
    // What was chosen stays so where more has been loaded, and goes where something else is typed.
    const kept = listed === input.value ? hits.children[chosen]?.href : null;
    listed = input.value;
    const options = customers.map((customer, index) => {
      const option = hitOf(customer, words);
      option.id = `search-hit-${index}`;
      option.setAttribute("role", "option");
      option.tabIndex = -1;
      return option;
    });
    hits.replaceChildren(...options);
    hits.hidden = !options.length;
    input.setAttribute("aria-expanded", String(options.length > 0));
    chosen = -1;
    const same = options.findIndex((option) => option.href === kept);
    choose(options.length ? Math.max(same, 0) : -1);
  }

  function choose(index) {
    hits.children[chosen]?.removeAttribute("aria-selected");
    chosen = index;
    const option = hits.children[index];
    if (!option) {
      input.removeAttribute("aria-activedescendant");
      return;
    }
    option.setAttribute("aria-selected", "true");
    input.setAttribute("aria-activedescendant", option.id);
    if (index === 0) hits.scrollTop = 0;
    else option.scrollIntoView({ block: "nearest" });
  }

  function open() {
    if (dialog.open) return;
    dialog.showModal();
    input.select();
    if (!data.asked) {
      data.asked = true;
      loadAll().catch(() => {
        data.failed = true;
        found.textContent = state(null);
      });
    }
    search();
  }

  function onKey(event) {
    // An input method is still at work on what is typed: its keys are its own.
    if (event.isComposing || event.keyCode === 229) return;
    const count = hits.children.length;
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      const step = event.key === "ArrowDown" ? 1 : -1;
      if (count) choose((chosen + step + count) % count);
    } else if (event.key === "Enter" && hits.children[chosen]) {
      event.preventDefault();
      const option = hits.children[chosen];
      if (event.ctrlKey || event.metaKey) window.open(option.href, "_blank", "noopener");
      else option.click();
    }
  }

  function isTyping(target) {
    return target.isContentEditable || /^(?:INPUT|TEXTAREA|SELECT)$/.test(target.tagName);
  }

  function onShortcut(event) {
    if (event.defaultPrevented || event.isComposing || event.altKey) return;
    const withControl = event.ctrlKey !== event.metaKey && event.key.toLowerCase() === "k";
    const slash = !event.ctrlKey && !event.metaKey && event.key === "/" && !isTyping(event.target);
    if ((!withControl && !slash) || (event.shiftKey && withControl)) return;
    event.preventDefault();
    open();
  }

  opener.hidden = false;
  opener.addEventListener("click", open);
  closer.addEventListener("click", () => dialog.close());
  dialog.addEventListener("click", (event) => {
    if (event.target === dialog) dialog.close();
  });
  hits.addEventListener("click", (event) => {
    // A page opened in another tab leaves the search as it is.
    if (!event.ctrlKey && !event.metaKey && !event.shiftKey) dialog.close();
  });
  input.addEventListener("input", search);
  input.addEventListener("keydown", onKey);
  document.addEventListener("keydown", onShortcut);
})();
