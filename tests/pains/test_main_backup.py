"""Whether a dead device has a backup that is one tap away, or takes over by itself."""

from avctl.pair import Side
from avctl.scenes.take import Verdict
from tests.pains.hall import ended, hall, verdicts
from tests.pains.table import pain


@pain(
    "A device cannot be given a backup.",
    "bitfocus/companion#268",
    "bitfocus/companion#815",
)
async def test_one_tap_and_the_far_end_hears_the_backup_instead_of_the_dead_microphone():
    async with hall() as at:
        await at.take("speaker-close-up")
        at.real.set_microphone("podium-mic", alive=False)
        await at.wait(2)
        take = await ended(at.room.pairs.change_over("podium", Side.BACKUP, "test"))
        assert take.verdict is Verdict.CONFIRMED, verdicts(take)
        heard = {each.microphone for each in at.real.far_end_hears()}
        assert "podium-mic-backup" in heard
        assert "podium-mic" not in heard


@pain(
    "A target cannot have a main and a backup that the same buttons use.",
    "bitfocus/companion-module-studiocoast-vmix#110",
)
async def test_a_scene_whose_camera_is_dead_takes_the_scene_with_the_other_camera_by_itself():
    scenes = """\
  speech:
    title: Speech
    deadline: 8 s
    on_failure: take speech-by-panorama
    want:
      podium-camera: {preset: speaker}
      far-end: {source: podium-camera, after: podium-camera}
  speech-by-panorama:
    title: Speech by panorama camera
    deadline: 8 s
    want:
      panorama-camera: {preset: speaker}
      far-end: {source: panorama-camera, after: panorama-camera}
"""
    async with hall(scenes) as at:
        for fault in ("half_open", "ignores", "refuses"):
            at.fault("podium-camera", fault)
            at.device("panorama-camera").press("preset", number=0)
            take = await at.take("speech")
            other = await ended(take.then)
            assert other.scene.name == "speech-by-panorama", fault
            assert other.verdict is Verdict.CONFIRMED, fault
            assert at.real.far_end_sees().source == "panorama-camera"
            assert at.real.far_end_sees().speaker_fills, fault
            at.mend()
            await at.until_up()
