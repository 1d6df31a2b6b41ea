import { SaxesParser } from 'saxes';
import { dapCorrupt } from '../dap-error.ts';

/** An element of a document, without the prefix of its namespace. */
export interface XmlElement {
  name: string;
  attributes: Readonly<Record<string, string>>;
  children: XmlElement[];
  text: string;
}

const deepest = 64;

// Each takes some hundred bytes of memory, and a few of a document. Descriptions of ten thousand variables have fewer.
const mostOfDescription = 256 * 1024;

/** As many for each element, taken together. */
const mostAttributes = 4;

/**
 * The root element of an XML document of at most so many elements. Entities are the five of XML alone, so that a document grows by
 * none of them. Throws FORMAT_CORRUPT.
 */
export function readXml(url: string, document: string, mostElements = mostOfDescription): XmlElement {
  const parser = new SaxesParser({ position: true, xmlns: false });
  const open: XmlElement[] = [];
  let root: XmlElement | undefined;
  let elements = 0;
  let attributes = 0;
  parser.on('error', (error) => {
    throw dapCorrupt(url, 'an XML document', error.message, error);
  });
  parser.on('attribute', () => {
    if (++attributes <= mostAttributes * mostElements) return;
    throw dapCorrupt(url, `at most ${mostAttributes * mostElements} attributes`, 'more');
  });
  parser.on('opentag', (tag) => {
    const element = { name: localName(tag.name), attributes: tag.attributes, children: [], text: '' };
    if (open.length >= deepest || ++elements > mostElements) {
      throw dapCorrupt(url, `at most ${mostElements} elements, ${deepest} in each other`, 'more');
    }
    open.at(-1)?.children.push(element);
    root ??= element;
    open.push(element);
  });
  parser.on('closetag', () => void open.pop());
  const addText = (text: string) => {
    const last = open.at(-1);
    if (last !== undefined) last.text += text;
  };
  parser.on('text', addText);
  parser.on('cdata', addText);
  parser.write(document).close();
  if (root === undefined) throw dapCorrupt(url, 'an XML document', 'no element');
  return root;
}

function localName(name: string): string {
  // Elements that other vocabularies add (dmrpp:chunks) keep their prefix, and are known by none.
  return name.startsWith('dap:') ? name.slice(4) : name;
}
