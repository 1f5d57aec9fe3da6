//! What decisions rest on from here on.

use super::Picture;
use crate::wire::event::EventBody;
use crate::wire::resting::RulesVersionWire;

pub(super) fn fold(picture: &mut Picture, body: &EventBody) {
    match body {
        EventBody::RulesAdopted {
            version, digest, ..
        } => {
            let rules = RulesVersionWire {
                version: *version,
                digest: digest.clone(),
            };
            // Operations from before versions were recorded rest on the first that was.
            if picture.rests_on.rules.is_none() {
                let own = picture.operations.values_mut();
                for rests_on in own.filter_map(|operation| operation.rests_on.as_mut()) {
                    rests_on.rules.get_or_insert_with(|| rules.clone());
                }
            }
            picture.rests_on.rules = Some(rules);
        }
        EventBody::ProfilesAdopted { profiles, .. } => {
            picture.rests_on.profiles.clone_from(profiles);
        }
        _ => {}
    }
}
