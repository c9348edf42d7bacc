"""The drawn pictures: that they show what they should, move, and come off the loop."""

import asyncio
import io
from functools import partial, reduce

import pytest
from PIL import Image, ImageChops, ImageStat

from hw_sim.picture import (
    BLACK,
    Pictures,
    Scene,
    Shown,
    camera_picture,
    far_end_picture,
    jpeg,
    slide_picture,
    wall_picture,
)
from hw_sim.scenery import SPEAKER, Lens, Spot, aim

REAR = Spot(1.8, 0.4, 2.6)
WIDE = Lens(Spot(0, 0.3, 2.9), 0, 0, -6, 60)
CLOSE = Lens(REAR, 0, *aim(REAR, 0, SPEAKER), 6)


def taken(lens: Lens | None = WIDE, second: int = 0, *, speaker: bool = True) -> Image.Image:
    return camera_picture("camera", lens, Scene(speaker=speaker), second)


def speakers_share(lens: Lens) -> float:
    """How much of the picture is the speaker: what changes when he leaves."""
    changed = ImageChops.difference(taken(lens), taken(lens, speaker=False))
    worst = reduce(ImageChops.lighter, changed.split())
    return sum(worst.histogram()[8:]) / (worst.width * worst.height)


def difference(one: Image.Image, other: Image.Image) -> float:
    return sum(ImageStat.Stat(ImageChops.difference(one, other)).mean)


def test_a_picture_is_640_by_360():
    assert taken().size == (640, 360)


def test_a_camera_that_is_off_is_black():
    assert difference(taken(None), BLACK) == 0


def test_a_close_up_shows_much_more_of_the_speaker_than_the_panorama():
    assert speakers_share(CLOSE) > 0.1
    assert 0 < speakers_share(WIDE) < 0.01


def test_two_seconds_differ_even_in_an_unmoved_picture():
    assert difference(taken(CLOSE, 1), taken(CLOSE, 2)) > 0


def test_the_same_second_is_the_same_picture():
    assert difference(taken(CLOSE, 7), taken(CLOSE, 7)) == 0


def test_another_pose_is_another_picture():
    turned = Lens(WIDE.spot, 0, 10, -6, 60)
    assert difference(taken(WIDE), taken(turned)) > 5


@pytest.mark.parametrize("heading", range(0, 360, 30))
@pytest.mark.parametrize("spot", [Spot(0, 0.3, 2.9), Spot(-5.4, 13.6, 3.1), Spot(1.2, 7.0, 1.2)])
def test_a_camera_may_stand_and_look_anywhere(spot, heading):
    for tilt, fov in ((-85, 70), (0, 2), (85, 40)):
        assert taken(Lens(spot, heading, 0, tilt, fov)).size == (640, 360)


def test_the_far_end_shows_the_picture_and_who_is_heard():
    silent = far_end_picture(taken(CLOSE), "podium-camera", [])
    heard = far_end_picture(taken(CLOSE), "podium-camera", [("podium-mic", -20.0)])
    louder = far_end_picture(taken(CLOSE), "podium-camera", [("podium-mic", -8.0)])
    assert difference(far_end_picture(BLACK, "", []), silent) > 20
    assert difference(silent, heard) > 0
    assert difference(heard, louder) > 0


def test_a_wall_shows_its_windows_where_they_are_the_last_in_front():
    red, blue = (Image.new("RGB", (640, 360), colour) for colour in ((200, 0, 0), (0, 0, 200)))
    wall = wall_picture([Shown(0, 0, 1, 1, red), Shown(0.5, 0.5, 0.25, 0.25, blue)])
    assert wall.getpixel((100, 100)) == (200, 0, 0)
    assert wall.getpixel((400, 225)) == (0, 0, 200)
    assert wall.getpixel((600, 340)) == (200, 0, 0)


def test_a_slide_is_bright():
    slide = slide_picture("laptop", "Report", (38, 76, 128), 5)
    assert min(ImageStat.Stat(slide).mean) > 150


def test_a_picture_becomes_a_jpeg():
    opened = Image.open(io.BytesIO(jpeg(taken())))
    assert (opened.format, opened.size) == ("JPEG", (640, 360))


async def test_many_who_ask_for_one_picture_have_it_drawn_once():
    drawn = []

    def draw() -> Image.Image:
        drawn.append(1)
        return BLACK

    pictures = Pictures()
    got = await asyncio.gather(*(pictures.get("key", draw) for _ in range(5)))
    assert len(drawn) == 1
    assert len(set(got)) == 1


async def test_a_drawing_that_failed_is_tried_again():
    pictures = Pictures()
    with pytest.raises(ZeroDivisionError):
        await pictures.get("key", lambda: BLACK.resize((1 // 0, 1)))
    assert await pictures.get("key", lambda: BLACK)


async def test_only_the_newest_pictures_are_kept():
    pictures, drawn = Pictures(keep=2), []

    def draw(key: str) -> Image.Image:
        drawn.append(key)
        return BLACK

    for key in ("a", "b", "c", "c", "a"):
        await pictures.get(key, partial(draw, key))
    assert drawn == ["a", "b", "c", "a"]
