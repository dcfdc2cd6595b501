//! Where a share lies in a drawing, and the axes around it.

use maud::{Markup, html};

/// Width of every drawing, in the drawing's units, which are about a pixel each.
pub const WIDTH: f64 = 440.0;

/// The square of two shares, both from 0 to 1, in a drawing.
pub struct Frame {
    /// Its left edge.
    pub left: f64,
    /// Its upper edge.
    pub top: f64,
    /// Its width.
    pub width: f64,
    /// Its height.
    pub height: f64,
}

impl Frame {
    /// The only size there is for a square plot.
    pub const SQUARE: Self = Self { left: 58.0, top: 24.0, width: 368.0, height: 368.0 };

    /// Where a share lies on the horizontal axis; outside 0..=1 it lies on the edge.
    pub fn x(&self, share: f64) -> f64 {
        self.left + unit(share) * self.width
    }

    /// Where a share lies on the vertical axis, whose 0 is below.
    pub fn y(&self, share: f64) -> f64 {
        self.top + (1.0 - unit(share)) * self.height
    }

    /// The lower edge.
    pub fn bottom(&self) -> f64 {
        self.top + self.height
    }

    /// Both axes with their names, every fifth marked.
    pub fn axes(&self, horizontal: &str, vertical: &str, below: f64) -> Markup {
        let middle = (self.left + self.width / 2.0, self.top + self.height / 2.0);
        html! {
            @for fifth in 0..=5 {
                @let share = f64::from(fifth) / 5.0;
                line.grid x1=(at(self.x(share))) x2=(at(self.x(share))) y1=(at(self.top)) y2=(at(self.bottom())) {}
                line.grid x1=(at(self.left)) x2=(at(self.left + self.width)) y1=(at(self.y(share))) y2=(at(self.y(share))) {}
                text.end x=(at(self.left - 8.0)) y=(at(self.y(share) + 4.0)) { (fifth * 20) }
                text.middle x=(at(self.x(share))) y=(at(self.bottom() + below + 18.0)) { (fifth * 20) }
            }
            text.middle.axis x=(at(middle.0)) y=(at(self.bottom() + below + 38.0)) { (horizontal) }
            text.middle.axis transform={ "translate(14 " (at(middle.1)) ") rotate(-90)" } { (vertical) }
        }
    }
}

/// A coordinate as the drawing writes it.
pub fn at(coordinate: f64) -> String {
    format!("{coordinate:.1}")
}

/// A share that lies in 0..=1.
fn unit(share: f64) -> f64 {
    if share.is_finite() { share.clamp(0.0, 1.0) } else { 0.0 }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shares_lie_within_the_frame() {
        let frame = Frame { left: 10.0, top: 20.0, width: 100.0, height: 50.0 };
        assert_eq!([frame.x(0.0), frame.x(0.5), frame.x(1.5), frame.x(f64::NAN)], [10.0, 60.0, 110.0, 10.0]);
        assert_eq!([frame.y(0.0), frame.y(1.0), frame.y(-3.0)], [70.0, 20.0, 70.0]);
        assert_eq!(at(frame.x(0.333)), "43.3");
    }
}
