// What our scripts read of Streamlit's page beyond what Streamlit documents. tests/browser/test_streamlit_dom.py says so
// when a new version no longer has it.

/** Where Streamlit keeps the theme chosen in its menu: "System", "Light" or "Dark", as JSON. */
export function themeKey() {
  return `stActiveTheme-${location.pathname}-v2`;
}

/** "light" or "dark" where the visitor has chosen one; otherwise undefined, and the system's theme holds. */
export function chosenTheme() {
  try {
    return { Light: "light", Dark: "dark" }[JSON.parse(localStorage.getItem(themeKey()))];
  } catch {
    return undefined; // storage may be forbidden
  }
}

/** The page's title, as `st.title` draws it. */
export function pageTitle() {
  return document.querySelector("h1");
}
