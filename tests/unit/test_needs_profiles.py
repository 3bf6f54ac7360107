"""Personal needs profiles as QTI 3 writes them: what is set, and an account of the rest."""

from fractions import Fraction

import pytest

from cbt.scheduling.core.needs import Layout, Scale, Theme, Tool, Unmet
from cbt.scheduling.formats.pnp import NoProfileForPerson, NotAProfile, Told, read_profile
from itembank.formats.xml_door import DocumentRefused

SPACE = "http://www.imsglobal.org/xsd/qti/qtiv3p0/imsafa3p0pnp_v1p0"


def _profile(inside):
    document = f'<access-for-all-pnp xmlns="{SPACE}">{inside}</access-for-all-pnp>'
    return f'<?xml version="1.0" encoding="UTF-8"?>{document}'.encode()


def _read(inside, number="2611-0001"):
    return read_profile(_profile(inside), number)


def _told(profile):
    return {feature.name: feature.told for feature in profile.account}


def test_what_the_screen_offers_is_set():
    profile = _read("""
      <additional-testing-time><time-multiplier>1.5</time-multiplier></additional-testing-time>
      <line-reader highlight-color="ffff00"/>
      <magnification><text zoom-amount="1.8"/></magnification>
      <answer-masking/>
      <environment><medical>something</medical><hardware>trackball</hardware><breaks>true</breaks></environment>
      <high-contrast/><layout-single-column/><note-taking-on-screen/>""")
    needs = profile.needs
    assert (needs.theme, needs.scale, needs.layout) == (Theme.CONTRAST, Scale.LARGEST, Layout.ONE_COLUMN)
    assert needs.tools == (Tool.LINE_READER, Tool.MASKING, Tool.NOTES)
    assert (needs.breaks, needs.note, profile.time_factor) == (True, "trackball", Fraction(3, 2))
    assert _told(profile)["medical"] is Told.LEFT_OUT
    assert "something" not in repr(profile)


def test_what_the_screen_does_not_offer_is_told_and_left_to_the_room():
    profile = _read("""
      <spoken><reading-type>screen-reader</reading-type></spoken><sign-language xml:lang="kvk"/>
      <language-of-interface xml:lang="ko"/><calculator-on-screen calculator-type="basic"/>
      <additional-testing-time><unlimited/></additional-testing-time><x:beacon xmlns:x="urn:x"/>""")
    assert profile.needs.unmet == (Unmet.SPOKEN, Unmet.SIGN_LANGUAGE, Unmet.UNLIMITED_TIME)
    assert _told(profile) == {
        "spoken": Told.UNMET,
        "sign-language": Told.UNMET,
        "language-of-interface": Told.ANYWAY,
        "calculator-on-screen": Told.EXAM,
        "unlimited": Told.UNMET,
        "{urn:x}beacon": Told.UNKNOWN,
    }


def test_sets_say_what_is_on_what_is_an_option_and_what_is_prohibited():
    profile = _read("""
      <activate-at-initialization-set><line-reader/></activate-at-initialization-set>
      <activate-as-option-set><high-contrast/><answer-masking/></activate-as-option-set>
      <prohibit-set><note-taking-on-screen/><spell-checker-on-screen/></prohibit-set>""")
    assert profile.needs.theme is None
    assert profile.needs.tools == (Tool.LINE_READER, Tool.MASKING)
    assert profile.needs.without == (Tool.NOTES,)
    assert _told(profile)["high-contrast"] is Told.ANYWAY
    assert _told(profile)["spell-checker-on-screen"] is Told.LEFT_OUT


def test_reversed_colours_are_dark_and_high_contrast_wins():
    assert _read('<invert-display-polarity foreground="fff" background="000"/>').needs.theme is Theme.DARK
    assert _read("<high-contrast/><invert-display-polarity/>").needs.theme is Theme.CONTRAST


@pytest.mark.parametrize(
    ("zoom", "scale", "tools"),
    [
        ('<text zoom-amount="1.0"/>', None, ()),
        ('<text zoom-amount="1.25"/>', Scale.LARGE, ()),
        ('<all-content zoom-amount="2"/>', Scale.LARGEST, ()),
        ('<all-content zoom-amount="3.5"/>', Scale.LARGEST, (Tool.MAGNIFIER,)),
        ('<non-text zoom-amount="1.5"/>', None, (Tool.MAGNIFIER,)),
        ('<text zoom-amount="much"/>', None, (Tool.MAGNIFIER,)),
        ("", None, (Tool.MAGNIFIER,)),
    ],
)
def test_magnification_presets_the_size_and_gives_the_magnifier_beyond_it(zoom, scale, tools):
    needs = _read(f"<magnification>{zoom}</magnification>").needs
    assert (needs.scale, needs.tools) == (scale, tools)


def test_a_resident_number_in_a_description_is_left_out():
    profile = _read("<environment><description>900101-1234567</description></environment>")
    assert (profile.needs.note, _told(profile)) == ("", {"description": Told.LEFT_OUT})


def test_minutes_are_kept_as_minutes():
    profile = _read("<additional-testing-time><fixed-minutes>30</fixed-minutes></additional-testing-time>")
    assert (profile.time_factor, profile.extra_minutes) == (None, 30)


@pytest.mark.parametrize("factor", ["0.5", "9", "NaN", "1e999999999", ""])
def test_a_factor_out_of_range_is_told_and_not_taken(factor):
    profile = _read(f"<additional-testing-time><time-multiplier>{factor}</time-multiplier></additional-testing-time>")
    assert profile.time_factor is None
    assert _told(profile) == {"time-multiplier": Told.LEFT_OUT}


def _list(*people):
    records = "".join(
        f"<access-for-all-pnp-record><person-sourced-id>{person}</person-sourced-id>"
        f"<access-for-all-pnp>{inside}</access-for-all-pnp></access-for-all-pnp-record>"
        for person, inside in people
    )
    return f'<access-for-all-pnp-records xmlns="{SPACE}">{records}</access-for-all-pnp-records>'.encode()


def test_a_list_gives_each_person_the_own_profile():
    payload = _list(("2611-0001", "<line-reader/>"), ("2611 0002", "<answer-masking/>"))
    assert read_profile(payload, "26110002").needs.tools == (Tool.MASKING,)
    with pytest.raises(NoProfileForPerson):
        read_profile(payload, "2611-0003")


def test_other_files_are_refused():
    with pytest.raises(NotAProfile):
        read_profile(b"<html/>", "1")
    with pytest.raises(DocumentRefused):
        read_profile(b"not xml", "1")
    with pytest.raises(DocumentRefused):
        read_profile(b'<!DOCTYPE a [<!ENTITY b "c">]><access-for-all-pnp>&b;</access-for-all-pnp>', "1")
