/// The words that say where: a store, and a library and symbol in it.
///
///     STORE LIBRARY SYMBOL      given in full
///           LIBRARY SYMBOL      the store comes from STERNA_STORE
struct Place: Hashable {
  var store: String
  var library: String?
  var symbol: String?

  /// The parts that a command needs, and may have, behind the store.
  struct Shape: Hashable {
    var required: Int
    var optional: Int

    static let store = Shape(required: 0, optional: 0)
    static let storeOrLibrary = Shape(required: 0, optional: 1)
    static let symbol = Shape(required: 2, optional: 0)
    /// The key of an object stands where the library would.
    static let symbolOrKey = Shape(required: 1, optional: 1)
  }

  struct Mistake: Error, Hashable {
    let message: String
  }

  /// - Parameter defaultStore: what STERNA_STORE says.
  init(_ words: [String], shape: Shape, defaultStore: String?) throws(Mistake) {
    let names = ["STORE", "LIBRARY", "SYMBOL"].prefix(1 + shape.required + shape.optional)
    guard words.count <= names.count else {
      throw Mistake(message: "too many arguments: \(words[names.count...].joined(separator: " "))")
    }
    let namesStore =
      defaultStore == nil || words.count == names.count || words.first.map(Self.looksLikeStore) ?? false
    guard namesStore else {
      self.init(words, in: defaultStore ?? "")
      guard words.count >= shape.required else {
        throw Self.missing(names.dropFirst().dropFirst(words.count))
      }
      return
    }
    guard let store = words.first else {
      throw Mistake(message: "missing argument STORE; give it, or set STERNA_STORE")
    }
    guard words.count > shape.required else { throw Self.missing(names.dropFirst(words.count)) }
    self.init(Array(words.dropFirst()), in: store)
  }

  private init(_ words: [String], in store: String) {
    self.store = store
    library = words.first
    symbol = words.dropFirst().first
  }

  private static func missing(_ names: ArraySlice<String>) -> Mistake {
    Mistake(message: "missing argument \(names.joined(separator: ", "))")
  }

  /// A URI or a path. A library of such a name must be given together with its store.
  private static func looksLikeStore(_ word: String) -> Bool {
    word.contains("://") || word.hasPrefix("/") || word.hasPrefix("./") || word.hasPrefix("../")
      || word == "."
  }
}
