//! The schematic: each grid a frame, its buildings as tiles in it. It needs no map file, and shows what one leaves out.

use super::map::ledger_of;
use super::map_marks::{class, fill, mark, mark_width, says};
use crate::plot::{cut, float, n};
use maud::{Markup, html};
use qiaomen_server::desk::map::{BuildingOnMap, GridOnMap, MapView, Shade};

/// Units across.
const WIDTH: f64 = 840.0;
/// Room between frames, and within one.
const GAP: f64 = 14.0;
const PAD: f64 = 10.0;
/// A grid's name above its tiles.
const TITLE: f64 = 30.0;
/// A grid's shade before its name.
const SWATCH: f64 = 22.0;
const TILE_WIDTH: f64 = 78.0;
const TILE_HEIGHT: f64 = 46.0;
const TILE_GAP: f64 = 6.0;
/// A few grids stand side by side; one alone takes the whole width.
const COLUMNS_MAX: usize = 3;

/// One frame with its place.
struct Frame<'g> {
    grid: &'g GridOnMap,
    buildings: Vec<&'g BuildingOnMap>,
    x: f64,
    y: f64,
    height: f64,
}

/// Draws these grids; with `bare_only` just what has no shape.
pub(super) fn tiles(view: &MapView, by: Shade, bare_only: bool) -> Option<Markup> {
    let mut chosen: Vec<(&GridOnMap, Vec<&BuildingOnMap>)> = Vec::new();
    for grid in &view.grids {
        let buildings: Vec<&BuildingOnMap> =
            grid.buildings.iter().filter(|b| !bare_only || b.shape.is_none()).collect();
        if !bare_only || grid.shape.is_none() || !buildings.is_empty() {
            chosen.push((grid, buildings));
        }
    }
    if chosen.is_empty() {
        return None;
    }
    let columns = chosen.len().min(COLUMNS_MAX);
    let across = float(columns as u64);
    let width = (WIDTH - GAP * (across - 1.0)) / across;
    let per_row = per_row(width);
    let (frames, height) = frames(chosen, columns, width, per_row);
    Some(html! {
        svg.map viewBox={ "0 0 " (WIDTH) " " (n(height)) } role="group" aria-label="网格和楼栋示意图" {
            @for frame in &frames { (links(view, by, frame, width, per_row)) }
            // What is written lies over what leads on, and is said by it: nobody hears it twice.
            g.names aria-hidden="true" { @for frame in &frames { (written(frame, width, per_row)) } }
        }
    })
}

/// Tiles beside each other in a frame.
fn per_row(width: f64) -> usize {
    let mut fit = 1;
    while PAD * 2.0 + float(fit as u64 + 1) * (TILE_WIDTH + TILE_GAP) - TILE_GAP <= width {
        fit += 1;
    }
    fit
}

/// Where each frame stands: row by row, each row as high as its highest.
fn frames<'g>(
    chosen: Vec<(&'g GridOnMap, Vec<&'g BuildingOnMap>)>,
    columns: usize,
    width: f64,
    per_row: usize,
) -> (Vec<Frame<'g>>, f64) {
    let needs = |tiles: usize| {
        let rows = float(tiles.div_ceil(per_row).max(1) as u64);
        TITLE + rows * (TILE_HEIGHT + TILE_GAP) - TILE_GAP + PAD
    };
    let (mut frames, mut y) = (Vec::new(), 0.0);
    for row in chosen.chunks(columns) {
        let height = row.iter().map(|(_, b)| needs(b.len())).fold(0.0, f64::max);
        for (at, (grid, buildings)) in row.iter().enumerate() {
            let x = float(at as u64) * (width + GAP);
            frames.push(Frame { grid, buildings: buildings.clone(), x, y, height });
        }
        y += height + GAP;
    }
    (frames, (y - GAP).max(1.0))
}

/// Where each tile of a frame stands.
fn spots<'f>(frame: &'f Frame<'_>, per_row: usize) -> impl Iterator<Item = (f64, f64, &'f BuildingOnMap)> {
    frame.buildings.iter().enumerate().map(move |(at, building)| {
        let x = frame.x + PAD + float((at % per_row) as u64) * (TILE_WIDTH + TILE_GAP);
        let y = frame.y + TITLE + float((at / per_row) as u64) * (TILE_HEIGHT + TILE_GAP);
        (x, y, *building)
    })
}

/// Of a grid that stands on the map, a frame shows just what is left out there: its figures stand there.
fn is_whole(frame: &Frame<'_>) -> bool {
    frame.grid.buildings.len() == frame.buildings.len()
}

fn links(view: &MapView, by: Shade, frame: &Frame<'_>, width: f64, per_row: usize) -> Markup {
    let (grid, x, y) = (frame.grid, frame.x, frame.y);
    let step = grid.figures.step(by, view.now_ms);
    let said = says(view, &grid.name, &grid.figures);
    html! {
        a.grid href=(ledger_of("grid", grid.id)) aria-label=(said) {
            title { (said) }
            rect.frame x=(n(x + 0.5)) y=(n(y + 0.5)) width=(n(width - 1.0)) height=(n(frame.height - 1.0)) rx="8" {}
            @if is_whole(frame) {
                rect.place.(class(step)) x=(n(x + PAD)) y=(n(y + 8.0)) width=(n(SWATCH - 4.0)) height="16" rx="3" fill=(fill(step)) {}
            }
        }
        @for (x, y, building) in spots(frame, per_row) {
            @let step = building.figures.step(by, view.now_ms);
            @let said = says(view, &building.name, &building.figures);
            a.building href=(ledger_of("building", building.id)) aria-label=(said) {
                title { (said) }
                rect.place.(class(step)) x=(n(x)) y=(n(y)) width=(n(TILE_WIDTH)) height=(n(TILE_HEIGHT)) rx="5" fill=(fill(step)) {}
            }
        }
    }
}

fn written(frame: &Frame<'_>, width: f64, per_row: usize) -> Markup {
    let (grid, x, y) = (frame.grid, frame.x, frame.y);
    let swatch = if is_whole(frame) { SWATCH } else { 0.0 };
    let marked = mark_width(&grid.figures);
    html! {
        text.grid-name x=(n(x + PAD + swatch)) y=(n(y + 21.0)) { (cut(&grid.name, width - PAD * 3.0 - swatch - marked)) }
        @if is_whole(frame) { (mark(&grid.figures, x + width - PAD - marked / 2.0, y + 16.0)) }
        @for (x, y, building) in spots(frame, per_row) {
            text.halo x=(n(x + 6.0)) y=(n(y + 17.0)) { (cut(&building.name, TILE_WIDTH - 10.0)) }
            text.halo.small x=(n(x + 6.0)) y=(n(y + 37.0)) { (building.figures.doors) "户" }
            (mark(&building.figures, x + TILE_WIDTH - 4.0 - mark_width(&building.figures) / 2.0, y + TILE_HEIGHT - 13.0))
        }
        @if frame.buildings.is_empty() {
            text.soft x=(n(x + PAD)) y=(n(y + TITLE + 18.0)) {
                @if grid.buildings.is_empty() { "还没有楼栋" } @else { "楼栋都在图上" }
            }
        }
    }
}
