import Testing

@testable import SternaCLI

@Suite struct PlaceTests {
  private func parse(
    _ words: [String], _ shape: Place.Shape, defaultStore: String? = nil
  ) throws -> [String?] {
    let place = try Place(words, shape: shape, defaultStore: defaultStore)
    return [place.store, place.library, place.symbol]
  }

  @Test("Without STERNA_STORE the store comes first")
  func explicitStore() throws {
    #expect(try parse(["s", "l", "y"], .symbol) == ["s", "l", "y"])
    #expect(try parse(["s", "l"], .storeOrLibrary) == ["s", "l", nil])
    #expect(try parse(["s"], .storeOrLibrary) == ["s", nil, nil])
    #expect(try parse(["s"], .store) == ["s", nil, nil])
  }

  @Test("With STERNA_STORE it can be left out, and given in full it counts more")
  func defaultStore() throws {
    #expect(try parse(["l", "y"], .symbol, defaultStore: "d") == ["d", "l", "y"])
    #expect(try parse(["s", "l", "y"], .symbol, defaultStore: "d") == ["s", "l", "y"])
    #expect(try parse([], .store, defaultStore: "d") == ["d", nil, nil])
    #expect(try parse(["l"], .storeOrLibrary, defaultStore: "d") == ["d", "l", nil])
    #expect(try parse([], .storeOrLibrary, defaultStore: "d") == ["d", nil, nil])
  }

  @Test("A single word that looks like a store is one", arguments: ["s3://b/p", "./x", "../x", "/x", "."])
  func storeByItsLooks(_ word: String) throws {
    #expect(try parse([word], .storeOrLibrary, defaultStore: "d") == [word, nil, nil])
  }

  @Test("A library may look like a path when its store stands before it")
  func libraryByPosition() throws {
    #expect(try parse(["s", "/l"], .storeOrLibrary, defaultStore: "d") == ["s", "/l", nil])
  }

  @Test("What is missing is named")
  func missing() {
    #expect(throws: Place.Mistake(message: "missing argument STORE; give it, or set STERNA_STORE")) {
      try parse([], .symbol)
    }
    #expect(throws: Place.Mistake(message: "missing argument SYMBOL")) { try parse(["s", "l"], .symbol) }
    #expect(throws: Place.Mistake(message: "missing argument LIBRARY, SYMBOL")) {
      try parse(["s"], .symbol)
    }
    #expect(throws: Place.Mistake(message: "missing argument SYMBOL")) {
      try parse(["l"], .symbol, defaultStore: "d")
    }
    #expect(throws: Place.Mistake(message: "missing argument LIBRARY, SYMBOL")) {
      try parse([], .symbol, defaultStore: "d")
    }
  }

  @Test("A store alone is no symbol, also with STERNA_STORE")
  func storeWithoutSymbol() {
    #expect(throws: Place.Mistake(message: "missing argument LIBRARY, SYMBOL")) {
      try parse(["./s"], .symbol, defaultStore: "d")
    }
  }

  @Test("Too many words are refused")
  func tooMany() {
    #expect(throws: Place.Mistake(message: "too many arguments: z")) { try parse(["s", "z"], .store) }
  }
}
