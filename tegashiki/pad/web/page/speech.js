// A formula in words, for those who listen: \frac{1}{x^{2}} is "1 over x squared".

const NAMES = {
  en: { "+": "plus", "-": "minus", "=": "equals", "(": "open parenthesis", ")": "close parenthesis",
    "[": "open bracket", "]": "close bracket", "\\{": "open brace", "\\}": "close brace", "|": "bar", "/": "slash",
    ",": "comma", ".": "point", "!": "factorial", "<": "less than", ">": "greater than", "\\lt": "less than",
    "\\gt": "greater than", "\\leq": "less or equal", "\\geq": "greater or equal", "\\neq": "not equal to",
    "\\times": "times", "\\div": "divided by", "\\cdot": "times", "\\pm": "plus or minus", "\\int": "integral",
    "\\sum": "sum", "\\infty": "infinity", "\\rightarrow": "to", "\\prime": "prime", "\\in": "in", "\\forall": "for all",
    "\\exists": "there is", "\\lim": "limit", "\\ldots": "dots", "\\cdots": "dots" },
  ja: { "+": "プラス", "-": "マイナス", "=": "イコール", "(": "かっこ", ")": "かっこ閉じ", "[": "角かっこ",
    "]": "角かっこ閉じ", "\\{": "波かっこ", "\\}": "波かっこ閉じ", "|": "縦線", "/": "スラッシュ", ",": "コンマ",
    ".": "点", "!": "階乗", "<": "小なり", ">": "大なり", "\\lt": "小なり", "\\gt": "大なり", "\\leq": "小なりイコール",
    "\\geq": "大なりイコール", "\\neq": "ノットイコール", "\\times": "かける", "\\div": "わる", "\\cdot": "かける",
    "\\pm": "プラスマイナス", "\\int": "積分", "\\sum": "シグマ", "\\infty": "無限大", "\\rightarrow": "矢印",
    "\\prime": "プライム", "\\in": "属する", "\\lim": "極限", "\\ldots": "てんてん", "\\cdots": "てんてん" },
};
// What opens a row: what is said before it, at "}{" or "]{", and at its end.
const ROWS = {
  en: { "\\frac{": ["fraction", "over", "end of fraction"], "\\sqrt{": ["root of", "", "end of root"],
    "\\sqrt[": ["root number", "of", "end of root"], "_{": ["sub", "", "end of sub"],
    "^{": ["to the power", "", "end of power"], "\\begin{matrix}": ["matrix", "", "end of matrix"],
    "&": "next cell", "\\\\": "next row" },
  ja: { "\\frac{": ["分数 分子", "分母", "分数終わり"], "\\sqrt{": ["ルート", "", "ルート終わり"],
    "\\sqrt[": ["累乗根 指数", "の", "根号終わり"], "_{": ["下付き", "", "下付き終わり"],
    "^{": ["上付き", "", "上付き終わり"], "\\begin{matrix}": ["行列", "", "行列終わり"],
    "&": "次の列", "\\\\": "次の行" },
};
const ALIGNED = "\\begin{aligned}";
const POWERS = { en: { 2: "squared", 3: "cubed", "\\prime": "prime" }, ja: { 2: "の2乗", 3: "の3乗", "\\prime": "プライム" } };

/** The name of one symbol in words. */
export function named(token, language = "en") {
  const bare = token.replace(/[{[]$/, "").replace(/^\\math(?:bb|cal)\{(.)\}$/, "$1");
  return NAMES[language][token] ?? ROWS[language][token]?.[0]
    ?? (/^[A-Z]$/.test(bare) && language === "en" ? `capital ${bare}` : bare.replace(/^\\/, ""));
}

/**
 * Packed tokens in words.
 * @param {string[]} packed
 */
export function spoken(packed, language = "en") {
  const words = [], open = [], rows = ROWS[language];
  for (let i = 0; i < packed.length; i++) {
    const token = packed[i], power = packed[i + 2] === "}" ? POWERS[language][packed[i + 1]] : null;
    if (token === "^{" && power) {
      words.push(power);
      i += 2;
    } else if (token === "}{" || token === "]{") words.push(open.at(-1)?.[1] ?? "");
    else if (token === "\\\\" || (token === "&" && packed[0] !== ALIGNED)) words.push(rows[token]);
    else if (token === "&" || token.includes("{aligned}")) continue;        // what only aligns is not said
    else if (token === "\\begin{matrix}") words.push(rows[token][0]);
    else if (token === "\\end{matrix}") words.push(rows["\\begin{matrix}"][2]);
    else if (token === "}") {
      const [, , end] = open.pop() ?? ["", "", ""];
      if (!/^[_^]\{$/.test(packed[i - 2] ?? "")) words.push(end);     // one symbol needs no end
    } else if (/^(\\[a-zA-Z]+|[_^])[{[]$/.test(token)) {
      open.push(rows[token] ?? [named(token, language), "", language === "en" ? "end" : "終わり"]);
      words.push(open.at(-1)[0]);
    } else words.push(named(token, language));
  }
  return words.filter(Boolean).join(" ");
}
