"""Fonts: which files are taken, which are refused, and that no character is ever printed as a blank box."""

import shutil
import struct
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from cbt.kernel.pdf import fonts as fonts_module
from cbt.kernel.pdf import noto
from cbt.kernel.pdf.faces import FontMissing, load_face
from cbt.kernel.pdf.fonts import FontSet, MissingGlyph, Role, load_fonts

NANUM = fonts_module.SYSTEM_FOLDER / "NanumMyeongjo.ttf"
needs_nanum = pytest.mark.skipif(not NANUM.is_file(), reason="Debian's fonts-nanum is not installed")


@pytest.fixture(scope="session")
def font_home(pytestconfig: pytest.Config) -> Path:
    # Cutting the weights takes some seconds, so they are kept from run to run.
    return pytestconfig.cache.mkdir("fonts")


@pytest.fixture(scope="session")
def noto_set(font_home: Path) -> FontSet:
    return load_fonts(font_home, noto.cut_weights(font_home))


def patched(source: Path, target: Path, tag: bytes, offset: int, data: bytes) -> Path:
    """Copy a font with `data` written into one of its tables."""
    content = bytearray(source.read_bytes())
    (count,) = struct.unpack_from(">H", content, 4)
    for number in range(count):
        name, _, start, _ = struct.unpack_from(">4sLLL", content, 12 + 16 * number)
        if name == tag:
            content[start + offset : start + offset + len(data)] = data
    target.write_bytes(content)
    return target


def test_cut_weights_hold_all_hangul_and_differ(noto_set, font_home):
    assert sorted(path.name for path in (font_home / "fonts").glob("*.ttf")) == [
        "NotoSansKR-Bold.ttf",
        "NotoSansKR-Regular.ttf",
    ]
    assert noto_set.width(Role.SANS_BOLD, "Certificate") > noto_set.width(Role.SANS, "Certificate")


def test_two_processes_may_cut_at_once(font_home, tmp_path):
    source = noto.cut_weights(font_home)
    (tmp_path / "fonts").mkdir()
    shutil.copyfile(source / "NotoSansKR-Bold.ttf", tmp_path / "fonts" / "NotoSansKR-Bold.ttf")
    shutil.copyfile(source / "NotoSansKR-Regular.ttf", tmp_path / "fonts" / "NotoSansKR-Regular.ttf")
    with ThreadPoolExecutor(4) as pool:
        assert set(pool.map(noto.cut_weights, [tmp_path] * 8)) == {tmp_path / "fonts"}


def test_unwritable_home_is_a_clear_error(tmp_path):
    (tmp_path / "home").write_text("a file, not a folder")
    with pytest.raises(FontMissing, match="cannot be prepared"):
        noto.cut_weights(tmp_path / "home")


def test_folder_without_fonts_names_what_it_needs(font_home, tmp_path):
    with pytest.raises(FontMissing, match=r"NanumGothic\.ttf") as caught:
        load_fonts(font_home, tmp_path)
    assert caught.value.code == "font-missing"


def test_variable_font_is_refused():
    with pytest.raises(FontMissing, match="variable"):
        load_face(noto.variable_font())


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"OTTO" + bytes(100), "CFF outlines"),
        (b"ttcf" + bytes(100), "collection"),
        (b"%PDF-1.7", "no TrueType font"),
        (b"\x00\x01\x00\x00\x00\x09", "cannot be read"),
        (b"\x00\x01\x00\x00" + bytes(8), "no TrueType outlines"),
    ],
)
def test_other_files_are_refused_by_name_and_reason(tmp_path, content, reason):
    path = tmp_path / "Broken.ttf"
    path.write_bytes(content)
    with pytest.raises(FontMissing, match=reason) as caught:
        load_face(path)
    assert "Broken.ttf" in caught.value.message


def test_missing_file_is_refused(tmp_path):
    with pytest.raises(FontMissing, match="cannot be read"):
        load_face(tmp_path / "gone.ttf")


def test_font_that_may_not_be_embedded_is_refused(font_home, tmp_path):
    source = noto.cut_weights(font_home) / "NotoSansKR-Regular.ttf"
    path = patched(source, tmp_path / "Restricted.ttf", b"OS/2", 8, b"\x00\x02")
    with pytest.raises(FontMissing, match="may not be embedded"):
        load_face(path)


def test_font_without_hangul_is_refused():
    latin = next(Path("/usr/share/fonts").glob("truetype/**/DejaVuSans.ttf"), None)
    if latin is None:
        pytest.skip("no Latin font at hand")
    with pytest.raises(FontMissing, match="lacks 11,172 of 11,172 Hangul syllables"):
        load_face(latin)


def test_two_files_of_one_name_are_refused(font_home, tmp_path):
    source = noto.cut_weights(font_home) / "NotoSansKR-Regular.ttf"
    for name in ("NotoSansKR-Regular.ttf", "NotoSansKR-Bold.ttf"):
        shutil.copyfile(source, tmp_path / name)
    with pytest.raises(FontMissing, match="call themselves"):
        load_fonts(font_home, tmp_path)


@pytest.mark.parametrize("text", ["髙", "이름 🙂", "탭\t", "줄\n", "\u202e", "\x00", "\ue000"])
def test_character_without_a_glyph_is_refused_by_name(noto_set, text):
    with pytest.raises(MissingGlyph) as caught:
        noto_set.runs(Role.SANS, text)
    assert caught.value.code == "missing-glyph"
    assert caught.value.ids["code_point"] in caught.value.message


def test_decomposed_hangul_is_composed(noto_set):
    (run,) = noto_set.runs(Role.SANS, "홍길동")
    assert run.text == "홍길동"


@needs_nanum
def test_hanja_name_is_drawn_by_one_face_that_has_it(font_home):
    fonts = load_fonts(font_home)
    (plain,) = fonts.runs(Role.SERIF, "홍길동")
    (hanja,) = fonts.runs(Role.SERIF, "홍길동 (洪吉東)")
    assert plain.face.postscript_name == "NanumMyeongjo"
    assert hanja.face.postscript_name == "NanumGothic"


@needs_nanum
def test_vietnamese_name_comes_from_the_reserve(font_home):
    (run,) = load_fonts(font_home).runs(Role.SERIF_BOLD, "Nguyễn Thị Ánh Tuyết")
    assert run.face.postscript_name == "NotoSansKRStatic-Regular"


@needs_nanum
def test_text_that_no_face_has_whole_is_drawn_in_runs(font_home):
    runs = load_fonts(font_home).runs(Role.MONO, "ễ洛")
    assert "".join(run.text for run in runs) == "ễ洛"


def test_font_set_is_loaded_once(font_home, noto_set):
    assert load_fonts(font_home, noto.cut_weights(font_home)) is noto_set
