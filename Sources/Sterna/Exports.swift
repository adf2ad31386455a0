// Whoever imports Sterna needs the types that its interface is made of: frames, columns, errors, JSON
// values.
@_exported import Columnar
@_exported import SternaBase
