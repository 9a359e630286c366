import { anything, boolean, dictionary, float, hex, integer, list, object, string, timestamp } from './fields.ts'
import { hashes } from './hashes.ts'
import { ref } from './identifier-fields.ts'
import { notEmpty } from './object-rules.ts'
import type { Report } from './report.ts'
import { required } from './table.ts'
import { openVocabulary } from './vocabulary-fields.ts'

/** Keys that PDF defines for the document information dictionary (ISO 32000-1 §14.3.3). */
const PDF_KEYS: ReadonlySet<string> = new Set([
  'Title',
  'Author',
  'Subject',
  'Keywords',
  'Creator',
  'Producer',
  'CreationDate',
  'ModDate',
  'Trapped',
])

function checkPdfKey(key: string, report: Report): void {
  if (!PDF_KEYS.has(key)) report.warning('document-info', 'should be a key that PDF defines: correct it')
}

const optionalHeader = object(
  {
    magic_hex: hex(),
    major_linker_version: integer(),
    minor_linker_version: integer(),
    size_of_code: integer(0),
    size_of_initialized_data: integer(0),
    size_of_uninitialized_data: integer(0),
    address_of_entry_point: integer(),
    base_of_code: integer(),
    base_of_data: integer(),
    image_base: integer(),
    section_alignment: integer(),
    file_alignment: integer(),
    major_os_version: integer(),
    minor_os_version: integer(),
    major_image_version: integer(),
    minor_image_version: integer(),
    major_subsystem_version: integer(),
    minor_subsystem_version: integer(),
    win32_version_value_hex: hex(),
    size_of_image: integer(0),
    size_of_headers: integer(0),
    checksum_hex: hex(),
    subsystem_hex: hex(),
    dll_characteristics_hex: hex(),
    size_of_stack_reserve: integer(0),
    size_of_stack_commit: integer(0),
    size_of_heap_reserve: integer(0),
    size_of_heap_commit: integer(0),
    loader_flags_hex: hex(),
    number_of_rva_and_sizes: integer(),
    hashes: hashes(),
  },
  notEmpty,
)

const section = object({
  name: required(string()),
  size: integer(0),
  entropy: float(),
  hashes: hashes(),
})

/** The predefined extensions of a file (STIX 2.1 §6.7.1 to §6.7.6). */
export const FILE_EXTENSIONS = {
  'archive-ext': object({ contains_refs: required(list(ref('file', 'directory'))), comment: string() }),
  'ntfs-ext': object(
    {
      sid: string(),
      alternate_data_streams: list(object({ name: required(string()), hashes: hashes(), size: integer(0) })),
    },
    notEmpty,
  ),
  'pdf-ext': object(
    {
      version: string(),
      is_optimized: boolean(),
      document_info_dict: dictionary(string(), checkPdfKey),
      pdfid0: string(),
      pdfid1: string(),
    },
    notEmpty,
  ),
  'raster-image-ext': object(
    {
      image_height: integer(),
      image_width: integer(),
      bits_per_pixel: integer(),
      exif_tags: dictionary(anything()),
    },
    notEmpty,
  ),
  'windows-pebinary-ext': object({
    pe_type: required(openVocabulary('windows-pebinary-type-ov')),
    imphash: string(),
    machine_hex: hex(),
    number_of_sections: integer(0),
    time_date_stamp: timestamp(),
    pointer_to_symbol_table_hex: hex(),
    number_of_symbols: integer(0),
    size_of_optional_header: integer(0),
    characteristics_hex: hex(),
    file_header_hashes: hashes(),
    optional_header: optionalHeader,
    sections: list(section),
  }),
}
