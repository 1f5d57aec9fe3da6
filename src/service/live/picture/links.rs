//! What a map shows of the links to rooms in other services.

use super::Picture;
use crate::wire::event::EventBody;
use crate::wire::link::{LinkCutWire, LinkPicture};

pub(super) fn fold(picture: &mut Picture, body: &EventBody) {
    let (partner, cut) = match body {
        EventBody::LinkLost(cut) => (&cut.partner, Some(cut.clone())),
        EventBody::LinkRestored { partner } => (partner, None::<LinkCutWire>),
        _ => return,
    };
    let link = LinkPicture {
        partner: partner.clone(),
        cut,
    };
    picture.links.insert(partner.clone(), link);
}
