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
    // What is folded away has no rendered words.
    return tidy(element.innerText || element.textContent || element.value || element.title);
};
const isSeen = element => element.type === 'file' || element.checkVisibility({checkVisibilityCSS: true});
const find = (isWanted, isNamed) => {
    // What changes its words has a mark for scripts.
    if (wanted.startsWith('[')) return [...document.querySelectorAll(wanted)].find(isWanted) ?? null;
    return [...document.querySelectorAll(selector)].filter(isWanted).find(element => isNamed(nameOf(element))) ?? null;
};
const exactly = name => name === wanted;
const atFirst = name => name.startsWith(wanted);
// A person looks for it where it may be: in another place of the page, behind a fold, in the form that was folded.
const opener = element => {
    const place = element.closest('[role=tabpanel][hidden]');
    if (place) return document.getElementById(place.getAttribute('aria-labelledby'));
    const form = element.closest('form[hidden]');
    if (form) return document.querySelector(`[aria-controls="${form.id}"]`);
    const fold = element.parentElement?.closest('details:not([open])');
    return fold && !(element.tagName === 'SUMMARY' && element.parentElement === fold)
        ? fold.querySelector('summary')
        : element.tagName === 'SUMMARY' ? fold?.parentElement?.closest('details:not([open])')?.querySelector('summary') : null;
};
for (let tries = 0; tries < 6; tries++) {
    const isUnseen = element => !isSeen(element);
    const found = find(isSeen, exactly);
    const unseen = found ? null : find(isUnseen, exactly);
    if (found || !unseen) {
        const other = found ?? find(isSeen, atFirst);
        if (other) return other;
    }
    const hidden = unseen ?? find(isUnseen, atFirst);
    const way = hidden && opener(hidden);
    if (!way) return find(isSeen, atFirst);
    way.click();
    await new Promise(turn => setTimeout(turn, 20));
}
return find(isSeen, exactly) ?? find(isSeen, atFirst);
