/// How the text columns of a result are laid out.
public enum TextLayout: String, Hashable, Sendable, CaseIterable {
  /// As utf8 columns: every row's text written out.
  case values
  /// As dictionary columns where rows repeat few texts, which is quicker and smaller for whoever wants one
  /// object for equal texts; as utf8 columns elsewhere. A text may occur in the dictionary more than once.
  case dictionaries
}
