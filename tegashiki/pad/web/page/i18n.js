// What the page says, in English and Japanese. `say("erased", 3)` fills {0}.

const MESSAGES = {
  en: {
    loading: "Loading…", ready: "Ready", offline: "Recogniser not loaded", thinking: "Reading…", tracing: "Tracing the picture…",
    tooMany: "Only the first {0} strokes are read; the rest is tinted",
    unclaimed: "Strokes that are in no symbol (tinted): {0}", language: "日本語に切り替える", theme: "Theme: {0}",
    auto: "automatic", light: "light", dark: "dark", settings: "Settings", close: "Close",
    again: "Try again", document: "Document line", documentTex: "TeX of the document line",
    documentHint: "TeX you take", copy: "Copy", form: "Copy as", copyThis: "Copy candidate {0}", copied: "Copied: {0}",
    notCopied: "The browser did not allow copying; the text is selected instead",
    reading: "What was read", preview: "Its symbols; choose one to change it",
    pad: "Pad", surface: "Writing surface", hint: "Write a formula here, or drop a picture of one",
    tools: "Tools", tool: "Tool", pen: "Pen", eraser: "Eraser", lasso: "Lasso", space: "Space", undo: "Undo",
    redo: "Redo", clear: "Clear", symbols: "Symbols", all: "All symbols", digits: "Digits and operators",
    letters: "Letters", "alphabet-school": "School mathematics", "alphabet-crohme": "CROHME's symbols", wrong: "Not right?", alternatives: "Other readings of this symbol",
    free: "Let it be recognised", dots: "Symbols", truth: "The right TeX",
    keep: "Keep this ink and its TeX on this device",
    keepHint: "It stays in this browser until you export or forget it. Without this, only the TeX is taken.",
    cancel: "Cancel", take: "Take it", delete: "Delete", deselect: "Deselect", readOnly: "Read this alone", fit: "Show all ink", right: "More room on the right",
    kept: "Corrections kept on this device: {0}", exportPairs: "Export corrections",
    exportInk: "Export this ink", forget: "Forget everything kept here",
    remember: "Learn my hand from the formulas I take",
    rememberHint: "How your symbols look to the recogniser is kept in this browser only, and takes part in the order of the candidates.",
    forgetSure: "Forget ink, corrections, history and your hand for good?", keepAll: "No, keep it",
    readable: "What can be read", shortcuts: "Shortcuts of a single key (1 to 5, P, E, L, S, [ and ])",
    forgotten: "Everything kept here was forgotten", history: "History",
    historyHint: "Formulas that were taken; choose one to take it again.",
    keyboard: "Keyboard",
    keys: "1 to 5 take a candidate, Enter the first. Ctrl+Z undo, Ctrl+Y redo, Shift+Delete clear. Ctrl+C copies the best candidate. P pen, E eraser, L lasso, S space. [ and ] choose a stroke, the arrows move it, Delete deletes it, Escape lets it go. In the formula that was read the arrows go from symbol to symbol, Enter changes one.",
    about: "Everything is computed on this device; nothing is sent anywhere.", licences: "Licences",
    candidate: "Candidate {0}: {1}", best: "Best candidate", candidates: "Candidates", nothing: "No ink", pinned: "Pinned: {0}",
    taken: "Taken: {0}", symbol: "{0}, symbol {1} of {2}: change it", progress: "Loading… {0} of {1} MB", pair: "Kept on this device",
    noFormula: "This cannot be read as a formula: {0}",
    "no-wasm": "WebAssembly is switched off in this browser, so nothing can be recognised. Switch it on and try again; your ink stays.",
    network: "A file of the recogniser could not be loaded. Check the connection and try again; your ink stays.",
    model: "The recogniser's model cannot be used. Your ink stays.",
    hash: "The recogniser's model is damaged or another one: it is not used. Clear this site's data or publish the page again; your ink stays.",
    worker: "The recogniser stopped. Your ink stays; try again.",
    ink: "This stroke could not be used.", picture: "No formula could be traced in this picture; give a PNG or JPEG of one formula.", formula: "This is no formula: {0}",
    storageFull: "This browser has no room left: the correction is used now, but not kept.",
    storageRefused: "This browser does not let the page keep anything: the correction is used now, but not kept.",
    workFull: "This browser has no room left: your ink will be lost when the page is closed.",
    workRefused: "This browser does not let the page keep anything: your ink will be lost when the page is closed.",
    detail: "({0})",
  },
  ja: {
    loading: "読み込み中…", ready: "準備完了", offline: "認識器は未読込です", thinking: "認識中…", tracing: "画像をなぞっています…",
    tooMany: "最初の{0}画だけを認識します", unclaimed: "どの記号にも入らない画（薄い色）：{0}", language: "Switch to English", theme: "配色：{0}",
    auto: "自動", light: "明るい", dark: "暗い", settings: "設定", close: "閉じる", again: "もう一度",
    document: "文書の行", documentTex: "文書の行の TeX", documentHint: "選んだ TeX がここに入ります",
    copy: "コピー", form: "コピーの形式", copyThis: "候補 {0} をコピー", copied: "コピーしました：{0}",
    notCopied: "ブラウザがコピーを許可しませんでした。代わりに文字列を選択しました",
    reading: "認識結果", preview: "候補の記号。選ぶと直せます", pad: "手書きパッド",
    surface: "手書き欄", hint: "ここに数式を書くか、画像を落としてください", tools: "道具", tool: "道具", pen: "ペン",
    eraser: "消しゴム", lasso: "投げなわ", space: "間隔", undo: "元に戻す", redo: "やり直す", clear: "全消去",
    symbols: "文字の種類", all: "すべての文字", digits: "数字と演算子", letters: "文字のみ", "alphabet-school": "学校の数学", "alphabet-crohme": "CROHME の記号", wrong: "違いますか？",
    alternatives: "この記号の別の読み", free: "自動認識に任せる", dots: "記号", truth: "正しい TeX",
    keep: "この筆跡と TeX をこの端末に残す",
    keepHint: "書き出すか消去するまで、このブラウザの中だけに残ります。残さない場合は、TeX だけが使われます。",
    cancel: "やめる", take: "これにする", delete: "削除", deselect: "選択解除", readOnly: "ここだけ認識", fit: "全体を表示", right: "右に広げる",
    kept: "この端末に残した訂正：{0} 件", exportPairs: "訂正を書き出す", exportInk: "今の筆跡を書き出す",
    forget: "残したものをすべて消す", forgetSure: "筆跡・訂正・履歴・書き癖を完全に消しますか？",
    remember: "選んだ数式から書き癖を学ぶ",
    rememberHint: "あなたの記号の特徴はこのブラウザの中だけに残り、候補の順に使われます。", keepAll: "いいえ、残す",
    readable: "認識できる記号", shortcuts: "1文字のショートカット（1〜5、P、E、L、S、[ と ]）", forgotten: "残したものをすべて消しました", history: "履歴",
    historyHint: "これまでに選んだ数式です。選ぶともう一度入ります。", keyboard: "キーボード",
    keys: "1〜5 で候補を選ぶ、Enter で先頭。Ctrl+Z 元に戻す、Ctrl+Y やり直す、Shift+Delete 全消去。Ctrl+C で先頭の候補をコピー。P ペン、E 消しゴム、L 投げなわ、S 間隔。[ と ] で画を選び、矢印で動かし、Delete で消し、Escape で放す。認識結果の中では矢印で記号を選び、Enter で直す。",
    about: "計算はすべてこの端末で行われ、何も送信されません。", licences: "ライセンス",
    candidate: "候補 {0}：{1}", best: "最有力の候補", candidates: "候補", nothing: "筆跡なし", pinned: "固定しました：{0}",
    taken: "選びました：{0}", symbol: "{0}、{2} 個中 {1} 個目の記号を直す", progress: "読み込み中… {1} MB 中 {0} MB", pair: "この端末に残しました",
    noFormula: "数式として読めません：{0}",
    "no-wasm": "このブラウザでは WebAssembly が無効なため、認識できません。有効にしてもう一度お試しください。筆跡は残ります。",
    network: "認識器のファイルを読み込めませんでした。接続を確かめて、もう一度お試しください。筆跡は残ります。",
    model: "認識器のモデルを使えません。筆跡は残ります。",
    hash: "認識器のモデルが壊れているか、別のものです。使用しません。サイトのデータを消去するか、ページを公開し直してください。筆跡は残ります。",
    worker: "認識器が止まりました。筆跡は残ります。もう一度お試しください。",
    ink: "この画は使えませんでした。", picture: "この画像から数式をなぞれませんでした。数式が一つ写った PNG か JPEG を入れてください。", formula: "数式ではありません：{0}",
    storageFull: "ブラウザに空きがありません。訂正は今は使われますが、残りません。",
    storageRefused: "このブラウザでは保存が許可されていません。訂正は今は使われますが、残りません。",
    workFull: "ブラウザに空きがありません。ページを閉じると筆跡は失われます。",
    workRefused: "このブラウザでは保存が許可されていません。ページを閉じると筆跡は失われます。",
    detail: "（{0}）",
  },
};

let language = "en";

/** The text for `key`, {0}, {1} filled in; the key itself if nobody wrote them. */
export function say(key, ...values) {
  const text = MESSAGES[language][key] ?? MESSAGES.en[key] ?? key;
  return text.replace(/\{(\d)\}/g, (_, place) => values[place] ?? "");
}

/** "ja" where the browser prefers it, else "en". */
export function preferred(languages = navigator.languages ?? []) {
  const known = languages.map((tag) => tag.slice(0, 2)).find((tag) => tag in MESSAGES);
  return known ?? "en";
}

/** Put the texts of a language into everything that is marked with data-i18n. */
export function speak(chosen, root = document) {
  language = chosen in MESSAGES ? chosen : "en";
  root.documentElement.lang = language;
  for (const node of root.querySelectorAll("[data-i18n]")) node.textContent = say(node.dataset.i18n);
  for (const node of root.querySelectorAll("[data-i18n-label]")) {
    node.ariaLabel = say(node.dataset.i18nLabel);
    if (node.hasAttribute("title")) node.title = node.ariaLabel;
  }
  for (const node of root.querySelectorAll("[data-i18n-hint]")) node.placeholder = say(node.dataset.i18nHint);
  return language;
}

export const spoken = () => language;
