// Finds a control by what a person calls it: its role and its accessible name.
// Called with (roles, name): roles is a CSS selector, name the words on it. Gives the element, or null.
const [selector, wanted] = arguments;
const tidy = text => (text ?? '').replace(/\s+/g, ' ').trim();
const labelText = label => {
    const copy = label.cloneNode(true);
    copy.querySelectorAll('input, select, textarea, button, datalist, output').forEach(part => part.remove());
    return copy.textContent;
};
const nameOf = element => {
    const ids = element.getAttribute('aria-labelledby');
    if (ids) return tidy(ids.split(/\s+/).map(id => document.getElementById(id)?.textContent).join(' '));
    const label = element.getAttribute('aria-label');
    if (label) return tidy(label);
    if (element.labels?.length) return tidy([...element.labels].map(labelText).join(' '));
    return tidy(element.innerText || element.value || element.title);
};
const named = [...document.querySelectorAll(selector)]
    .filter(element => element.type === 'file' || element.checkVisibility({checkVisibilityCSS: true}))
    .map(element => [element, nameOf(element)]);
const found = named.find(([, name]) => name === wanted) ?? named.find(([, name]) => name.startsWith(wanted));
return found ? found[0] : null;
