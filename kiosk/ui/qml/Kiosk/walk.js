// The walk of keys over everything that can be pressed, in the order of `rank`.
.pragma library

function collect(item, found) {
    if (!item.visible || !item.enabled)
        return found;
    if (item.rank > 0 && item.spoken !== undefined)
        found.push(item);
    for (let i = 0; i < item.children.length; i++)
        collect(item.children[i], found);
    return found;
}

function stops(root) {
    return collect(root, []).map((item, at) => ({ item: item, at: at })).sort((a, b) => a.item.rank - b.item.rank || a.at - b.at).map(stop => stop.item);
}

function next(root, from, step) {
    const all = stops(root);
    const at = all.indexOf(from);
    if (all.length === 0)
        return null;
    return all[at < 0 ? (step > 0 ? 0 : all.length - 1) : (at + step + all.length) % all.length];
}

// Up and down between the rows of the keyboard: the key nearest to the middle of this one.
function besideRow(root, from, step) {
    if (!from || !from.row)
        return null;
    const middle = from.mapToItem(null, from.width / 2, 0).x;
    const row = stops(root).filter(item => item.row === from.row + step);
    row.sort((a, b) => Math.abs(a.mapToItem(null, a.width / 2, 0).x - middle) - Math.abs(b.mapToItem(null, b.width / 2, 0).x - middle));
    return row.length ? row[0] : null;
}

// The first key of a person only shows where the focus is.
function reveal(item, reason) {
    if (!item || item.rank === undefined || item.visualFocus)
        return false;
    item.focusReason = reason;
    return true;
}

function said(item) {
    return item && item.spoken !== undefined ? { name: item.spoken, description: item.description } : null;
}
