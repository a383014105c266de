"""Finding records by words: two-character Chinese words, pinyin, numbers; the same on both databases."""
