/* The query language in the browser: the counterpart of tracker/library/query/, of which parser.py
 * describes the grammar. Both give the same answers to tests/query/vectors.json, so change both
 * together.
 *
 *   const query = TrackerQuery.compile(text, languageData);
 *   query.errors                       what is wrong: [{code, start, end, message, hint}]
 *   query.matches(row, "2026-12-01")   whether a row is asked for; never, where there are errors
 *   TrackerQuery.render(message)       the text of a message or hint
 *   TrackerQuery.cell(row, key, "2026-12-01", languageData)   what a column holds on the day
 *
 * `languageData` is what `language_data` in Python gives for the workspace. `start` and `end` count
 * as the selection of an input field does. A row's texts must not change: their folded form is
 * kept, so the first query over many rows is slower than all that follow.
 */
(function () {
  "use strict";

  // --- Text ------------------------------------------------------------------------------------

  // White space as Python has it, so that both languages split and trim alike.
  const SPACE = "\\t-\\r\\x1c-\\x20\\x85\\xa0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000";
  const ENDS = new RegExp(`^[${SPACE}]+|[${SPACE}]+$`, "g");
  const GAPS = new RegExp(`[${SPACE}_-]+`, "g");
  const BLANK = new RegExp(`[${SPACE}]+`, "g");
  // What NFKC leaves as it is, and what may have capitals: told apart for speed alone.
  const NARROW = /^[\x00-\x7e\u3001\u3002\u4e00-\u9fff]*$/;
  const APOSTROPHES = /[‘’ʼ]/g;
  const MARKS = /[\u0300-\u036f]/g;
  const MAYBE_MARKED = /[\u00c0-\u058f\u1e00-\u1fff]/;
  const LATIN = { ı: "i", ł: "l", ø: "o", đ: "d", ð: "d", þ: "th", æ: "ae", œ: "oe", ß: "ss" };
  const CASED = /[A-Z]|[^\x00-\x7f\u3000-\u9fff\uffff]/gu;

  const trim = (text) => text.replace(ENDS, "");
  const widthless = (text) => text.normalize("NFKC");

  /** Fold one character's case as `str.casefold` does. */
  function foldCharacter(character) {
    if (character < "\x80") return character.toLowerCase();
    if (character === "ı") return character;
    const upper = character.toUpperCase();
    // Cherokee folds to its capitals, all else to small letters.
    if (/[\u13a0-\u13f5]/.test(upper)) return upper;
    return Array.from(upper, (part) => part.toLowerCase()).join("").replace(/ß/g, "ss");
  }

  /** Return the form in which two spellings of a word are equal. */
  function fold(text) {
    const narrow = NARROW.test(text) ? text : widthless(text).replace(APOSTROPHES, "'");
    const folded = narrow.replace(CASED, foldCharacter);
    return trim(folded.replace(GAPS, " "));
  }

  /** Return a text with what is typed for small letters that are no others with an accent. */
  const plainLetters = (text) => text.replace(/[ıłøđðþæœß]/g, (char) => LATIN[char]);

  /** Return a folded text as people type a part of it, without accents and apostrophes and with
   * `&` as and: oneill, soren, smith and sons. */
  function asTyped(folded) {
    const bare = MAYBE_MARKED.test(folded)
      ? plainLetters(folded.normalize("NFD").replace(MARKS, "").normalize("NFC"))
      : folded;
    return trim(bare.replaceAll("'", "").replace(/ ?& ?/g, " and "));
  }

  const LONGEST_WORD = 60;
  const SIMILAR = 0.61;
  const SIMILAR_CHINESE = 0.5; // Many words have two characters: one wrong one leaves half.
  const SHORTEST_START = 2;

  /** Return the candidate most like the word (by the share of equal characters in order), else the
   * first that begins with it, else null. */
  function nearest(word, candidates) {
    const start = fold(word);
    const wanted = Array.from(start);
    if (Array.from(word).length > LONGEST_WORD) return null;
    const least = /^[\x00-\x7f]*$/.test(word) ? SIMILAR : SIMILAR_CHINESE;
    let best = null;
    let bestScore = 0;
    for (const candidate of candidates) {
      const other = Array.from(fold(candidate));
      const total = wanted.length + other.length;
      const score = total ? 1 - (total - 2 * commonLength(wanted, other)) / total : 1;
      if (score >= least && score > bestScore) {
        best = candidate;
        bestScore = score;
      }
    }
    if (best !== null || wanted.length < SHORTEST_START) return best;
    return candidates.find((candidate) => fold(candidate).startsWith(start)) ?? null;
  }

  /** Return the length of the longest common subsequence. */
  function commonLength(left, right) {
    let row = new Array(right.length + 1).fill(0);
    for (const character of left) {
      const next = [0];
      right.forEach((other, index) => {
        next.push(character === other ? row[index] + 1 : Math.max(row[index + 1], next[index]));
      });
      row = next;
    }
    return row[right.length];
  }

  // --- Numbers ---------------------------------------------------------------------------------

  // A decimal is a whole number of units of 10^-scale: exact, as money must be.

  function decimal(text) {
    const [whole, fraction = ""] = text.split(".");
    return { units: BigInt((whole + fraction).replace("+", "")), scale: fraction.length };
  }

  function times(left, right) {
    return { units: left.units * right.units, scale: left.scale + right.scale };
  }

  /** Return a negative, zero or positive number as left is less than, equal to or over right. */
  function order(left, right) {
    const scale = Math.max(left.scale, right.scale);
    const difference =
      left.units * 10n ** BigInt(scale - left.scale) -
      right.units * 10n ** BigInt(scale - right.scale);
    return difference < 0n ? -1 : difference > 0n ? 1 : 0;
  }

  const ORDERS = {
    ":": (sign) => sign === 0,
    "=": (sign) => sign === 0,
    "<": (sign) => sign < 0,
    "<=": (sign) => sign <= 0,
    ">": (sign) => sign > 0,
    ">=": (sign) => sign >= 0,
  };

  // --- Days ------------------------------------------------------------------------------------

  // Days are ISO texts, which sort as days do.

  const DAY = 86400000;
  const FIRST_DAY = Date.parse("0001-01-01T00:00:00Z");
  const LAST_DAY = Date.parse("9999-12-31T00:00:00Z");

  const momentOf = (day) => Date.parse(`${day}T00:00:00Z`);
  const daysBetween = (from, to) => Math.round((momentOf(to) - momentOf(from)) / DAY);
  const clamp = (value, low, high) => Math.min(Math.max(value, low), high);
  const digits = (number, width) => String(number).padStart(width, "0");
  const dayOf = (year, month, day) => `${digits(year, 4)}-${digits(month, 2)}-${digits(day, 2)}`;

  function moved(day, days) {
    const moment = clamp(momentOf(day) + days * DAY, FIRST_DAY, LAST_DAY);
    return new Date(moment).toISOString().slice(0, 10);
  }

  /** Return the weekday of a day, from 0 for Monday. */
  const weekdayOf = (day) => (new Date(momentOf(day)).getUTCDay() + 6) % 7;

  /** Return the coming day of that name, never today, or else the last one, maybe today. */
  function nearestWeekday(today, weekday, ahead) {
    const away = (weekday - weekdayOf(today) + 7) % 7;
    return daysAround(today, "day", ahead ? away || 7 : away && away - 7);
  }

  function daysInMonth(year, month) {
    if (month === 2) return (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0 ? 29 : 28;
    return [4, 6, 9, 11].includes(month) ? 30 : 31;
  }

  const monthOf = (year, month) => [
    dayOf(year, month, 1),
    dayOf(year, month, daysInMonth(year, month)),
  ];
  const yearOf = (year) => [dayOf(year, 1, 1), dayOf(year, 12, 31)];

  /** Return the first and the last day of the day, week (from Monday), month, quarter or year. */
  function daysAround(today, unit, offset) {
    if (unit === "day") return [moved(today, offset), moved(today, offset)];
    if (unit === "weekday of week") return daysAround(today, "day", offset - weekdayOf(today));
    if (unit === "week") {
      const monday = moved(today, 7 * offset - weekdayOf(today));
      return [monday, moved(monday, 6)];
    }
    const year = Number(today.slice(0, 4));
    if (unit === "year") return yearOf(clamp(year + offset, 1, 9999));
    const month = Number(today.slice(5, 7));
    if (unit === "quarter") {
      const quarters = clamp(year * 4 + Math.floor((month - 1) / 3) + offset, 4, 9999 * 4 + 3);
      const [ofYear, first] = [Math.floor(quarters / 4), (quarters % 4) * 3 + 1];
      return [monthOf(ofYear, first)[0], monthOf(ofYear, first + 2)[1]];
    }
    const months = clamp(year * 12 + month - 1 + offset, 12, 9999 * 12 + 11);
    return monthOf(Math.floor(months / 12), (months % 12) + 1);
  }

  const WRITTEN_DAY =
    /^([0-9]{4})(?:-([0-9]{1,2})-([0-9]{1,2})|\/([0-9]{1,2})\/([0-9]{1,2})|年([0-9]{1,2})月([0-9]{1,2})日)$/;
  const WRITTEN_MONTH = /^([0-9]{4})(?:-([0-9]{1,2})|\/([0-9]{1,2})|年([0-9]{1,2})月)$/;
  const WRITTEN_YEAR = /^([0-9]{4})年?$/;

  /** Return the first and last day of a written day, month or year, null for what is none of
   * these, and undefined for one that does not exist. */
  function writtenDays(text) {
    let match = WRITTEN_DAY.exec(text);
    if (match) {
      const [year, month, day] = match.slice(1).filter((part) => part !== undefined).map(Number);
      const exists =
        year >= 1 && month >= 1 && month <= 12 && day >= 1 && day <= daysInMonth(year, month);
      return exists ? [dayOf(year, month, day), dayOf(year, month, day)] : undefined;
    }
    match = WRITTEN_MONTH.exec(text);
    if (match) {
      const [year, month] = match.slice(1).filter((part) => part !== undefined).map(Number);
      return year >= 1 && month >= 1 && month <= 12 ? monthOf(year, month) : undefined;
    }
    match = WRITTEN_YEAR.exec(text);
    if (match) return Number(match[1]) >= 1 ? yearOf(Number(match[1])) : undefined;
    return null;
  }

  // --- The language of a workspace -------------------------------------------------------------

  /** Words that can be looked up by any spelling; `list` is [[id, label, others], …]. */
  class Words {
    constructor(list) {
      this.list = list.map(([id, label, others]) => ({
        id,
        label,
        spellings: [label, id, ...others],
      }));
      this.bySpelling = new Map();
      // Labels and ids of all words come before the further spellings of any.
      for (const word of this.list) this.add(word, word.spellings.slice(0, 2));
      for (const word of this.list) this.add(word, word.spellings.slice(2));
      this.bySpelling.delete("");
    }

    add(word, spellings) {
      for (const spelling of spellings) {
        const key = fold(spelling);
        if (!this.bySpelling.has(key)) this.bySpelling.set(key, word);
      }
    }

    find(text) {
      return this.bySpelling.get(fold(text)) ?? null;
    }

    /** Return the spelling most like the text, fit to stand in a query, or null. */
    nearest(text) {
      const near = nearest(text, this.list.flatMap((word) => word.spellings));
      return near && asWritten(near);
    }
  }

  const APART = "\uffff";

  /** Return a cell's texts: those of a list, the one of anything else, none of nothing. */
  function listOf(cell) {
    if (Array.isArray(cell)) return cell;
    return cell === null || cell === undefined ? [] : [String(cell)];
  }

  class Language {
    constructor(data) {
      this.data = data;
      this.columns = data.columns.map((column) => ({
        ...column,
        words: new Words(column.words),
      }));
      this.bySpelling = new Map();
      for (const column of this.columns) {
        for (const spelling of column.spellings) {
          const key = fold(spelling);
          if (!this.bySpelling.has(key)) this.bySpelling.set(key, column);
        }
      }
      this.periods = new Words(data.periods);
      this.periodRules = new Map(data.periods.map(([id, , , unit, offset]) => [id, [unit, offset]]));
      this.signs = new Map(Object.entries(data.currencySigns));
      this.codes = new Set(data.currencyCodes);
      this.rates = new Map(Object.entries(data.rates).map(([code, rate]) => [code, decimal(rate)]));
      this.amount = amountPattern([...this.signs.keys()]);
      this.folded = new WeakMap();
      this.haystacks = new WeakMap();
    }

    find(key) {
      return this.bySpelling.get(fold(key)) ?? null;
    }

    message(code, values) {
      return { template: this.data.messages[code], values };
    }

    fault(code, values, hint = null, hintValues = {}) {
      return {
        code,
        message: this.message(code, values),
        hint: hint && this.message(hint, hintValues),
      };
    }

    unknownKey(key) {
      // No key holds a blank: hyphens stand in their place.
      const keys = this.columns
        .flatMap((column) => column.spellings.map((text) => trim(text).replace(BLANK, "-")))
        .filter((text) => WHOLE_KEY.test(text));
      const near = nearest(key, keys);
      return near
        ? this.fault("unknown-key", { key }, "did-you-mean", { word: near })
        : this.fault("unknown-key", { key }, "quote-to-search");
    }

    /** Return the folded texts of a row's cell; they are kept as long as the row is. */
    texts(row, key) {
      let cells = this.folded.get(row);
      if (!cells) this.folded.set(row, (cells = new Map()));
      let texts = cells.get(key);
      if (!texts) {
        texts = listOf(row[key]).map(fold);
        cells.set(key, texts);
      }
      return texts;
    }

    /** Return all that free text is looked for in, folded at once, which is much quicker. */
    haystack(row) {
      let haystack = this.haystacks.get(row);
      if (haystack === undefined) {
        // Between the texts stands what is in none of them, so that nothing is found across.
        const texts = this.data.searched.map((key) => listOf(row[key]).join(APART));
        haystack = asTyped(fold(texts.join(APART)));
        this.haystacks.set(row, haystack);
      }
      return haystack;
    }

    currency(sign) {
      const upper = sign.toUpperCase();
      const codes = this.signs.get(sign) ?? this.signs.get(upper) ?? [upper];
      return codes.includes(this.data.currency) ? this.data.currency : codes[0];
    }
  }

  const languages = new WeakMap();

  /** Return the language of the data, made once. */
  function languageOf(data) {
    let language = languages.get(data);
    if (!language) languages.set(data, (language = new Language(data)));
    return language;
  }

  // --- Reading ---------------------------------------------------------------------------------

  const MINUS = "-－";
  const QUOTES = "\"＂“”";
  const pattern = (source) => new RegExp(source, "y");
  const BLANKS = pattern(`[${SPACE}]*`);
  const COMMA = pattern(`[${SPACE}]*([,，、])`);
  const KEY = pattern(`[^${SPACE},，、:：=＝<＜>＞≤≥≠]+`);
  const WHOLE_KEY = new RegExp(`^${KEY.source}$`);
  const OPERATOR = pattern(
    `([${SPACE}]*)((?:[:：][${SPACE}]*)?(?:[<＜][>＞]|[<＜>＞][=＝]?|[≤≥≠]|[=＝]{1,2})|[:：])`,
  );
  const BARE = pattern(`[^${SPACE},，、]+`);
  const QUOTED = /["＂“”]([^"＂“”]*)["＂“”]/y;
  const WHOLE_BARE = new RegExp(`^[^${SPACE},，、]+$`);
  // Words of other query languages; Latin ones in small letters are text, but before a comparison.
  const LOGIC_WORDS = new Map([
    ["OR", "comma-for-or"],
    ["AND", "blank-between-terms"],
    ["NOT", "minus-for-not"],
    ["或", "comma-for-or"],
    ["或者", "comma-for-or"],
    ["|", "comma-for-or"],
    ["||", "comma-for-or"],
    ["且", "blank-between-terms"],
    ["并且", "blank-between-terms"],
    ["&&", "blank-between-terms"],
  ]);
  const UNEQUAL = new Set(["≠", "<>"]);
  const EQUALITIES = new Set([":", "="]);
  const OPERATORS = { "": ":", "==": "=", "≤": "<=", "≥": ">=" };
  const GROUPS_BEFORE = /(?:^|[^0-9.,])[0-9]{1,3}(?:,[0-9]{3})*$/;
  const GROUP_AFTER = /^[0-9]{3}(?![0-9])/;

  /** Return a word as a query has it: in quotes where it would fall apart. Within quotes no quote
   * can stand; there, hyphens in place of the blanks mean the same word. */
  function asWritten(word) {
    if (WHOLE_BARE.test(word)) return word;
    return /["＂“”]/.test(word) ? trim(word).replace(BLANK, "-") : `"${word}"`;
  }

  /** Reads one query from left to right; what is wrong is noted and the rest is read on. */
  class Parser {
    constructor(text, language) {
      this.text = text;
      this.language = language;
      this.errors = [];
      this.at = 0;
    }

    read() {
      const terms = [];
      this.skip(BLANKS);
      while (this.at < this.text.length) {
        const term = this.term();
        if (term) terms.push(term);
        this.skip(BLANKS);
      }
      return terms;
    }

    match(expression, at = this.at) {
      expression.lastIndex = at;
      return expression.exec(this.text);
    }

    skip(expression) {
      const match = this.match(expression);
      if (match) this.at += match[0].length;
    }

    report(start, end, fault) {
      this.errors.push({ code: fault.code, start, end, message: fault.message, hint: fault.hint });
    }

    error(start, end, code, values = {}, hint = null) {
      this.report(start, end, this.language.fault(code, values, hint, values));
    }

    term() {
      const start = this.at;
      const negated = MINUS.includes(this.text[start]);
      if (negated) {
        this.at += 1;
        const after = this.text.slice(this.at, this.at + 1);
        if (!trim(after) || MINUS.includes(after)) {
          this.error(start, this.at, "lone-minus");
          return null;
        }
      }
      const test = QUOTES.includes(this.text[this.at]) ? this.freeText() : this.comparison();
      return test && negated ? (row, today) => !test(row, today) : test;
    }

    /** Read a key with operator and values; free text where no operator follows. */
    comparison() {
      const key = this.match(KEY)?.[0] ?? "";
      const keyEnd = this.at + key.length;
      const found = this.match(OPERATOR, keyEnd);
      if (!found) return this.freeText();
      const start = keyEnd + found[1].length;
      const sign = { text: found[2], start, end: start + found[2].length };
      this.at = sign.end;
      let pieces = this.pieces(sign.start, sign.end, key);
      const asked = this.asked(key, keyEnd, sign);
      if (!asked) return null;
      const { column, operation } = asked;
      if (GROUPED.has(column.kind)) pieces = joinedGroups(pieces);
      if (!EQUALITIES.has(operation) && pieces.length > 1) {
        const end = pieces[pieces.length - 1].end;
        this.error(pieces[1].start, end, "one-value", { operator: operation });
        return null;
      }
      return this.anyOf(pieces, (text) => READERS[column.kind](asked, text));
    }

    /** Return what a key and an operator mean; null where they mean nothing. */
    asked(key, keyEnd, sign) {
      if (!key) {
        this.error(sign.start, sign.end, "missing-key", { operator: sign.text }, "comparison-form");
        return null;
      }
      const plain = widthless(sign.text.replace(BLANK, "")).replace(/^:/, "");
      const crossed = /[!！]$/.test(key) && /^[=＝]$/.test(sign.text);
      if (crossed || UNEQUAL.has(plain)) {
        const start = crossed ? keyEnd - 1 : sign.start;
        const name = trim(this.text.slice(keyEnd - key.length, start));
        const values = { key: name, operator: this.text.slice(start, sign.end) };
        this.error(start, sign.end, "not-equal", values, "exclude-form");
        return null;
      }
      const column = this.language.find(key);
      if (!column) {
        this.report(keyEnd - key.length, keyEnd, this.language.unknownKey(key));
        return null;
      }
      const operation = OPERATORS[plain] ?? plain;
      if (!EQUALITIES.has(operation) && !ORDERED.has(column.kind)) {
        const values = { key, operator: operation };
        this.error(sign.start, sign.end, "wrong-operator", values, "colon-form");
        return null;
      }
      return { language: this.language, column, key, operation };
    }

    freeText() {
      const word = this.match(BARE)?.[0];
      const hint = word && this.logicHint(word);
      if (hint) {
        const start = this.at;
        this.at += word.length;
        this.error(start, this.at, "logic-word", { word }, hint);
        return null;
      }
      return this.anyOf(this.pieces(this.at, this.at, ""), (text) => searched(this.language, text));
    }

    /** Return the hint for the word of another query language that stands here; null for text. */
    logicHint(word) {
      if (LOGIC_WORDS.has(word)) return LOGIC_WORDS.get(word);
      const hint = LOGIC_WORDS.get(word.toUpperCase());
      const end = this.at + word.length;
      return hint && this.beginsComparison(end + this.match(BLANKS, end)[0].length) ? hint : null;
    }

    anyOf(pieces, read) {
      const tests = [];
      for (const piece of pieces) {
        const test = read(trim(piece.text));
        if (typeof test === "function") tests.push(test);
        else this.report(piece.start, piece.end, test);
      }
      if (tests.length < 2) return tests[0] ?? null;
      return (row, today) => tests.some((test) => test(row, today));
    }

    /** Read values, up to the one that no comma follows. `start` and `end` are the place of the
     * sign before the first, shown where that value is missing; `key` is what stands before it. */
    pieces(start, end, key) {
      const pieces = [];
      let comma = "";
      for (;;) {
        const first = this.at;
        this.skip(BLANKS);
        // Right after its sign anything is a value; farther on, a term of its own is a term.
        if ((comma || this.at > first) && this.beginsComparison(this.at)) {
          if (comma) this.error(start, end, "comma-between-terms", {}, "blank-between-terms");
          else this.missingValue(start, end, key);
          return pieces;
        }
        if (!this.match(BARE)) {
          this.missingValue(start, end, key);
        } else {
          const piece = this.piece(comma);
          if (piece) pieces.push(piece);
        }
        const match = this.match(COMMA);
        if (!match) return pieces;
        comma = match[1];
        this.at += match[0].length;
        [start, end, key] = [this.at - comma.length, this.at, ""];
      }
    }

    beginsComparison(start) {
      const sign = this.text.slice(start, start + 1);
      const at = start + (sign && MINUS.includes(sign) ? 1 : 0);
      const key = this.match(KEY, at)?.[0];
      return (
        key !== undefined &&
        this.match(OPERATOR, at + key.length) !== null &&
        this.language.find(key) !== null
      );
    }

    missingValue(start, end, key) {
      if (start === end) end = start + 1; // Free text that begins with a comma.
      const hint = key && this.language.find(key) ? "has-form" : null;
      this.error(start, end, "missing-value", { sign: trim(this.text.slice(start, end)), key }, hint);
    }

    /** Read one value; null where its quote does not end. */
    piece(comma) {
      const start = this.at;
      if (!QUOTES.includes(this.text[start])) {
        this.skip(BARE);
        const text = this.text.slice(start, this.at);
        return { text, start, end: this.at, quoted: false, comma };
      }
      const match = this.match(QUOTED);
      if (!match) {
        this.at = this.text.length;
        this.error(start, this.at, "open-quote");
        return null;
      }
      const end = start + match[0].length;
      this.at = end;
      this.skip(BARE);
      if (this.at > end) this.error(end, this.at, "after-quote");
      return { text: match[1], start, end, quoted: true, comma };
    }
  }

  /** Put together what a comma for thousands took apart. */
  function joinedGroups(pieces) {
    const joined = [];
    for (const piece of pieces) {
      const last = joined[joined.length - 1];
      if (
        last &&
        piece.comma === "," &&
        last.end + 1 === piece.start &&
        !last.quoted &&
        !piece.quoted &&
        Array.from(last.text).length <= LONGEST_WORD &&
        GROUPS_BEFORE.test(last.text) &&
        GROUP_AFTER.test(piece.text)
      ) {
        joined[joined.length - 1] = { ...last, text: `${last.text},${piece.text}`, end: piece.end };
      } else {
        joined.push(piece);
      }
    }
    return joined;
  }

  // --- Values ----------------------------------------------------------------------------------

  // Each reader takes what stands before a value ({language, column, key, operation}) and the text
  // of the value, and returns a test of (row, today), or a fault.

  const ORDERED = new Set(["number", "days", "money", "ahead", "back"]);
  const GROUPED = new Set(["number", "days", "money"]);
  const NUMBER = /^[+-]?(?:[0-9]{1,3}(?:,[0-9]{3})+|[0-9]+)(?:\.[0-9]+)?$/;
  const DISTANCE = /^([0-9]{1,5}) ?([^0-9 ]+)$/;
  const LONGEST_NUMBER = 20;
  const LONGEST_AMOUNT = 60;
  const DIGITS_OF_AMOUNT = 16;
  const MULTIPLIERS = {
    k: 1000n,
    K: 1000n,
    千: 1000n,
    万: 10000n,
    m: 1000000n,
    M: 1000000n,
    百万: 1000000n,
    千万: 10000000n,
    亿: 100000000n,
  };

  function searched(language, text) {
    const needle = asTyped(fold(text));
    if (!needle) return language.fault("nothing-to-find", { text });
    return (row) => language.haystack(row).includes(needle);
  }

  function readText({ language, column, operation }, text) {
    const wanted = fold(text);
    if (!wanted) return language.fault("nothing-to-find", { text });
    if (operation === "=" || column.kind === "labels") {
      return (row) => language.texts(row, column.key).includes(wanted);
    }
    const part = asTyped(wanted);
    if (!part) return language.fault("nothing-to-find", { text });
    return (row) => language.texts(row, column.key).some((cell) => asTyped(cell).includes(part));
  }

  function unknownWord({ language, column, key }, text) {
    const values = { text, key };
    const near = column.words.nearest(text);
    if (near) return language.fault("unknown-word", values, "did-you-mean", { word: near });
    if (!column.words.list.length) return language.fault("unknown-word", values);
    const words = column.words.list.map((word) => asWritten(word.label));
    const known = words.join(language.message("between-words").template);
    return language.fault("unknown-word", values, "known-words", { words: known });
  }

  /** Return a reader of words; `testOf(asked, word)` gives the test of a word. */
  function wordReader(testOf) {
    return (asked, text) => {
      const word = asked.column.words.find(text);
      return word ? testOf(asked, word) : unknownWord(asked, text);
    };
  }

  const readWord = wordReader(({ column }, word) => (row) => row[column.key] === word.label);

  const readState = wordReader(
    ({ language, column }, word) =>
      (row, today) =>
        cellOf(language, row, column.key, today) === word.id,
  );

  const readBool = wordReader(
    ({ language, column }, word) =>
      (row, today) =>
        cellOf(language, row, column.key, today) === (word.id === "true"),
  );

  const readIs = wordReader(({ language }, word) => {
    if (word.id === "stale") return (row, today) => isStale(language, row, today);
    if (["open", "won", "lost"].includes(word.id)) return (row) => row.stage_kind === word.id;
    return (row, today) => nextState(row, today) === word.id;
  });

  function readHas(asked, text) {
    const { language } = asked;
    const wanted = language.find(text);
    if (!wanted) return language.unknownKey(text);
    if (wanted.kind === "is" || wanted.kind === "has") return unknownWord(asked, text);
    return (row, today) => {
      const cell = cellOf(language, row, wanted.key, today);
      return Array.isArray(cell) ? cell.length > 0 : Boolean(cell);
    };
  }

  function readOwner({ language, column, key, operation }, text) {
    const known = column.words.find(text);
    const wanted = fold(known ? known.label : text);
    if (!wanted) return language.fault("nothing-to-find", { text });
    if (operation === ":" && column.words.list.length && !known) {
      const near = column.words.nearest(text);
      return near
        ? language.fault("unknown-owner", { text }, "did-you-mean", { word: near })
        : language.fault("unknown-owner", { text }, "owner-form", { key, text: asWritten(text) });
    }
    return (row) => language.texts(row, column.key).includes(wanted);
  }

  function readCurrency({ language, column }, text) {
    const wanted = language.currency(widthless(text));
    if (!language.codes.has(wanted)) return language.fault("wrong-currency", { text });
    return (row) => row[column.key] === wanted;
  }

  function readNumber({ language, column, operation }, text) {
    const ofDays = column.kind === "days";
    const days = ofDays ? distance(language, text) : null;
    const written = days === null ? widthless(text) : String(days);
    if (!NUMBER.test(written) || written.length > LONGEST_NUMBER) {
      return language.fault("wrong-number", { text }, ofDays ? "days-form" : null);
    }
    const wanted = decimal(written.replace(/,/g, ""));
    return (row, today) => {
      const cell = cellOf(language, row, column.key, today) ?? null;
      return cell !== null && ORDERS[operation](order(decimal(String(cell)), wanted));
    };
  }

  /** Return the expression of an amount with these signs of currencies. */
  function amountPattern(signs) {
    const units = signs
      .sort((left, right) => right.length - left.length)
      .map((sign) => sign.replace(/\$/g, "\\$"))
      .join("|");
    return new RegExp(
      `^(?<before>[A-Za-z]{3}(?=[ 0-9])|${units})? ?` +
        "(?<number>(?:[0-9]{1,3}(?:,[0-9]{3})+|[0-9]+)(?:\\.[0-9]+)?) ?" +
        `(?<multiplier>百万|千万|[千万亿]|[kKmM](?![A-Za-z]))? ?(?<after>[A-Za-z]{3}|${units})?$`,
    );
  }

  /** Return {amount, currency}, or null for a text that is no amount. */
  function readAmount(language, text) {
    const short = Array.from(text).length <= LONGEST_AMOUNT;
    const parts = short ? language.amount.exec(text.replace(BLANK, " "))?.groups : null;
    if (!parts || parts.number.length > LONGEST_NUMBER) return null;
    const { before, number, multiplier, after } = parts;
    let currencies = new Set([before, after].filter(Boolean).map((sign) => language.currency(sign)));
    if (currencies.size > 1) {
      // `$5 AUD`: the sign is shared by several, the code says which.
      const shared = language.signs.get(before) ?? [];
      if (shared.includes(after.toUpperCase())) currencies = new Set([language.currency(after)]);
    }
    const [currency = language.data.currency] = currencies;
    if (currencies.size > 1 || !language.codes.has(currency)) return null;
    const amount = decimal(number.replace(/,/g, ""));
    if (multiplier) amount.units *= MULTIPLIERS[multiplier];
    if (amount.units >= 10n ** BigInt(DIGITS_OF_AMOUNT + amount.scale)) return null;
    return { amount, currency };
  }

  function readMoney({ language, column, operation }, text) {
    const wanted = readAmount(language, trim(widthless(text)));
    if (!wanted) return language.fault("wrong-amount", { text }, "amount-form");
    const holds = ORDERS[operation];
    const wantedRate = language.rates.get(wanted.currency);
    return (row) => {
      const cell = row[column.key] ?? null;
      if (cell === null) return false;
      // The currency stands in the cell (`5 CNY`), or is the row's own.
      const [text, currency = row.currency ?? ""] = String(cell).split(" ");
      const amount = decimal(text);
      if (currency === wanted.currency) return holds(order(amount, wanted.amount));
      const rate = language.rates.get(currency);
      // Amounts in different currencies are compared only where both have a rate.
      if (!rate || !wantedRate) return false;
      return holds(order(times(amount, rate), times(wanted.amount, wantedRate)));
    };
  }

  /** Return a text with the characters that periods and units are written with. */
  function simplified(language, text) {
    const known = language.data.simplified;
    return Array.from(text, (char) => (Object.hasOwn(known, char) ? known[char] : char)).join("");
  }

  /** Return the days of `7d`, `7天`, `2w`, `3个月` or `1年`; null where the text is no such
   * distance. */
  function distance(language, text) {
    const match = DISTANCE.exec(simplified(language, fold(text)));
    const units = language.data.dayUnits;
    return match && Object.hasOwn(units, match[2]) ? Number(match[1]) * units[match[2]] : null;
  }

  function readDate(asked, text) {
    const { language } = asked;
    const written = widthless(text);
    const stretch = writtenDays(written);
    if (stretch === undefined) return language.fault("no-such-day", { text: written });
    // First, since `2026年` is a year, and `1年` a distance.
    if (stretch !== null) return byDays(asked, () => stretch);
    const days = distance(language, text);
    if (days !== null) return byDistance(asked, days);
    const period = language.periods.find(simplified(language, text));
    if (period) {
      const [unit, offset] = language.periodRules.get(period.id);
      if (unit === "weekday") {
        const ahead = asked.column.kind === "ahead";
        return byDays(asked, (today) => nearestWeekday(today, offset, ahead));
      }
      return byDays(asked, (today) => daysAround(today, unit, offset));
    }
    const near = language.periods.nearest(text);
    return near
      ? language.fault("wrong-date", { text }, "did-you-mean", { word: near })
      : language.fault("wrong-date", { text }, "date-form");
  }

  /** Return the test of a stretch of days: before it, in it, after it. */
  function byDays({ column, operation }, daysOf) {
    return (row, today) => {
      const day = row[column.key];
      if (!day) return false;
      const [first, last] = daysOf(today);
      if (operation === "<") return day < first;
      if (operation === "<=") return day <= last;
      if (operation === ">") return day > last;
      if (operation === ">=") return day >= first;
      return first <= day && day <= last;
    };
  }

  /** Return the test of a distance from the day, in the direction of the column: `:` takes the
   * days from today to that distance, `=` the very day, and an order compares the distances. */
  function byDistance({ column, operation }, days) {
    const direction = column.kind === "ahead" ? 1 : -1;
    return (row, today) => {
      const day = row[column.key];
      if (!day) return false;
      const away = daysBetween(today, day) * direction;
      return operation === ":" ? away >= 0 && away <= days : ORDERS[operation](away - days);
    };
  }

  const READERS = {
    text: readText,
    labels: readText,
    word: readWord,
    state: readState,
    bool: readBool,
    owner: readOwner,
    currency: readCurrency,
    number: readNumber,
    days: readNumber,
    money: readMoney,
    ahead: readDate,
    back: readDate,
    is: readIs,
    has: readHas,
  };

  // --- What depends on the day -----------------------------------------------------------------

  /** Return what a column holds on the day, whatever day the row was made on. */
  function cellOf(language, row, key, today) {
    if (key === "next_state") return nextState(row, today);
    if (key === "days_overdue") {
      return nextState(row, today) === "overdue" ? daysBetween(row.next_date, today) : 0;
    }
    if (key === "idle_days") return idleDays(row, today);
    if (key === "stale") return isStale(language, row, today);
    return row[key];
  }

  function nextState(row, today) {
    if (row.stage_kind === "lost") return null;
    if (!row.next_date) return "none";
    if (row.next_date < today) return "overdue";
    return row.next_date === today ? "today" : "planned";
  }

  function idleDays(row, today) {
    const since = row.last_contact || row.created;
    return since ? Math.max(daysBetween(since, today), 0) : null;
  }

  function isStale(language, row, today) {
    const idle = idleDays(row, today);
    if (row.stage_kind !== "open" || idle === null) return false;
    const limits = Object.entries(language.data.idleLimits)
      .map(([key, known]) => (Object.hasOwn(known, row[key] ?? "") ? known[row[key]] : null))
      .filter(Boolean);
    return limits.length > 0 && idle > Math.min(...limits);
  }

  // --- The face --------------------------------------------------------------------------------

  /** Return the text of a message: its template with its values put in. */
  function render(message) {
    return message.template.replace(/\{(\w+)\}/g, (whole, name) => message.values[name] ?? whole);
  }

  /** Read a query in the language of `data`. */
  function compile(text, data) {
    const parser = new Parser(text, languageOf(data));
    const terms = parser.read();
    const errors = parser.errors.sort(
      (left, right) => left.start - right.start || left.end - right.end,
    );
    const matches = (row, today) => !errors.length && terms.every((term) => term(row, today));
    return Object.freeze({ text, errors, matches });
  }

  /** Return what a column of a row holds on the day. */
  function cell(row, key, today, data) {
    return cellOf(languageOf(data), row, key, today);
  }

  globalThis.TrackerQuery = Object.freeze({ cell, compile, fold, plainLetters, render });
})();
